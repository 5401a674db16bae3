import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { InventoryInput } from "../../../components/inventory";
import { read, type Written } from "./read";

test("the settings of the example stack are taken", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.ovn-kubernetes.yaml"), "utf8");
  const { config } = parse(text) as {
    config: { network: Written & { type: string; name: string }; inventory: InventoryInput };
  };
  const { type, name, ...network } = config.network;
  expect(type).toBe("ovn-kubernetes");
  expect(read({ ...network, nodes: config.inventory }, name)).toMatchObject({ version: "1.0.0", mtu: 1442 });
});
