import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { rack, read, type Written } from "./read";

test("the settings of the example stack are taken", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.romana.yaml"), "utf8");
  const { config } = parse(text) as { config: { network: Written & { type: string; name: string } } };
  const { type, name, ...network } = config.network;
  expect(type).toBe("romana");
  expect(read({ ...network, nodes: rack }, name).routing).toEqual({ type: "nodes" });
});
