import { expect, test } from "vitest";
import { builtinModules } from "../../../lab/modules";

test("only what the kernel has built in is listed: not modules on disk, not what is off", () => {
  const config = "CONFIG_BRIDGE=y\nCONFIG_VXLAN=m\n# CONFIG_DUMMY is not set\nCONFIG_BRIDGE_NETFILTER=y\n";
  expect(builtinModules(config)).toEqual(["kernel/net/bridge/bridge.ko", "kernel/net/bridge/br_netfilter.ko"]);
});
