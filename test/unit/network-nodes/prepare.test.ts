import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Inventory } from "../../../components";
import { prepareNodes } from "../../../components/network-nodes";
import { nodeChangeFields } from "../../../components/network-nodes/settings";
import { recording } from "../recording";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const nodes = Inventory.of({
  nodes: Object.fromEntries(
    Array.from({ length: 5 }, (_, index) => [`node${index}`, { connection: { host: `198.18.0.${index + 11}` } }]),
  ),
});

async function prepare(name: string, rollout: { batch?: number | string }) {
  const said = z.strictObject(nodeChangeFields).parse({ rollout });
  const states = pulumi.output(Object.fromEntries(nodes.nodes.map((node) => [node.name, { modules: ["vxlan"] }])));
  const made = prepareNodes({ ...said, name, nodes }, states, {});
  await Promise.all(made.map(({ urn }) => registered.resolved(urn)));
  return made;
}

test("so many nodes as a batch has are prepared at a time, and none waits for more than one other", async () => {
  await prepare("rolled", { batch: 2 });
  expect([0, 1, 2, 3, 4].map((index) => registered.waitsFor(`rolled-node${index}`))).toEqual([
    [],
    [],
    ["rolled-node0"],
    ["rolled-node1"],
    ["rolled-node2"],
  ]);
});

test("without a batch all are prepared at once", async () => {
  const made = await prepare("whole", {});
  expect(made).toHaveLength(5);
  expect(registered.waitsFor("whole-node4")).toEqual([]);
});
