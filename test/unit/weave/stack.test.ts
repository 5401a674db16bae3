import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { rack, read, type Written } from "./read";

test("the settings of the example stack are taken", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.weave.yaml"), "utf8");
  const { config } = parse(text) as { config: { network: Written & { type: string; name: string } } };
  const { type, name, ...network } = config.network;
  expect(type).toBe("weave");
  expect(read({ ...network, nodes: rack(2) }, name).podCidr).toEqual(["10.32.0.0/12"]);
});
