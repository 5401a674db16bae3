import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { read as readCalico, twoSegments } from "../calico/read";
import { read } from "./read";

test.each([
  ["calico", readCalico],
  ["canal", read],
] as const)("the settings of stack %s are taken, for nodes as the lab has them", (kind, take) => {
  const text = readFileSync(join(__dirname, `../../../stacks/Pulumi.lab-${kind}.yaml`), "utf8");
  const { config } = parse(text) as { config: { network: { type: string; name: string } } };
  const { type, name, ...network } = config.network;
  expect(type).toBe(kind);
  expect(take({ ...network, nodes: twoSegments }, name).mtu).toBe(1450);
});
