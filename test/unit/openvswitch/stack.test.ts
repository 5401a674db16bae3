import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { InventoryInput } from "../../../components/inventory";
import { read, type Written } from "./read";

test("the stack's settings are taken", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.openvswitch.yaml"), "utf8");
  const { config } = parse(text) as {
    config: { inventory: InventoryInput; network: Written & { type: string; name: string } };
  };
  const { type, name, ...network } = config.network;
  expect(type).toBe("openvswitch");
  expect(Object.keys(read({ ...network, nodes: config.inventory }, name).bridges)).toEqual(["br-ex", "br-lan"]);
});
