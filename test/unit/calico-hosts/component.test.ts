import { afterAll, beforeAll, expect, test } from "vitest";
import { CalicoHosts, Inventory, UserError } from "../../../components";
import { recording } from "../recording";
import { rack } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

const args = {
  nodes: Inventory.of(rack),
  orchestrator: { type: "hosts", interfaces: { node1: "eth0" } },
  datastore: { type: "etcd", members: ["node1"] },
} as const;

test("settings are agreed first, then each node is changed, as many at a time as are wanted", async () => {
  const { datastore, orchestrator, nodes } = structuredCloneOf();
  const edge = new CalicoHosts("edge", { nodes, datastore, orchestrator, rollout: { batch: 1 } });
  await Promise.all(edge.states.map(({ urn }) => engine.resolved(urn)));
  expect(engine.of("NodeState", "edge").map(({ name }) => name)).toEqual(["edge-node1", "edge-node2", "edge-node3"]);
  expect(engine.waitsFor("edge-node1")).toContain("edge");
  expect(engine.waitsFor("edge-node2")).toContain("edge-node1");
});

test("wrong settings make no resource at all", () => {
  const { datastore, nodes } = structuredCloneOf();
  expect(() => new CalicoHosts("wrong", { nodes, datastore, orchestrator: { type: "docker" } })).toThrow(UserError);
  expect(engine.of("NodeState", "wrong")).toEqual([]);
});

/** The constants above, as settings that may be written to. */
function structuredCloneOf() {
  const { orchestrator, datastore } = structuredClone({ orchestrator: args.orchestrator, datastore: args.datastore });
  return { nodes: args.nodes, orchestrator, datastore: { ...datastore, members: [...datastore.members] } };
}
