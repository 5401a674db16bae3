import { existsSync } from "node:fs";
import { join } from "node:path";
import { goBuild } from "./go-build.mjs";
import { cache, pluginsVersion, toolchain } from "./places.mjs";

/** A layer for the lab's nodes: the CNI plugins in /opt/cni/bin and cnitool in /usr/local/bin. */
const layer = join(cache, `cni-${pluginsVersion}`);
export const hasPlugins = () => existsSync(layer);

export function buildPlugins() {
  if (!hasPlugins()) console.error(`Building the CNI plugins ${pluginsVersion} (once, about half a minute)`);
  const plugins = "github.com/containernetworking/plugins";
  const ldflags = `-s -w -X ${plugins}/pkg/utils/buildversion.BuildVersion=v${pluginsVersion}`;
  const of = (path) => ({ from: `${plugins}/plugins/${path}`, into: "opt/cni/bin", ldflags });
  goBuild(join(toolchain, "cni"), layer, [
    ...["main/bridge", "main/loopback", "ipam/host-local", "ipam/dhcp", "meta/portmap"].map(of),
    { from: "github.com/containernetworking/cni/cnitool", into: "usr/local/bin" },
  ]);
  return layer;
}
