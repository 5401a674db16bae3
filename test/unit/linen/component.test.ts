import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { Inventory, type InventoryInput, LinenNetwork, UserError } from "../../../components";
import { recording } from "../recording";
import { rack, read, star, type Written } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

test("a network is a record, an address plan, each node and a proof; flaxd comes when the nodes are proven", async () => {
  const pods = new LinenNetwork("pods", {
    nodes: Inventory.of(rack),
    topology: star,
    tunnelsBy: "linen",
    flaxd: { image: "registry.example.com/flaxd:1" },
  });
  await engine.resolved(pods.verification.urn);
  expect(engine.of("NodeState", "pods").map(({ name }) => name)).toEqual(["pods-node1", "pods-node2", "pods-node3"]);
  expect(await engine.resolved(pods.subnets)).toMatchObject({ node1: ["10.244.0.0/24"], node3: ["10.244.2.0/24"] });
  const hasDaemon = () => engine.all().some(({ type }) => type.endsWith(":DaemonSet"));
  await expect.poll(hasDaemon, { timeout: 60_000 }).toBe(true);
  const daemon = engine.all().find(({ type }) => type.endsWith(":DaemonSet"));
  expect(JSON.stringify(daemon?.inputs)).toContain('"matchLabels":{"app":"flaxd"}');
});

test.each([
  ["a mesh that a spanning tree cuts is given the time that a tree takes", "stp", "system", 50],
  ["so is one whose tree is the rapid one, which falls back on the same timers", "rstp", "system", 50],
  ["switches in user space are given a while", "none", "netdev", 20],
  ["any other network is proven at once", "none", "system", undefined],
] as const)("%s", async (_, spanningTree, datapath, seconds) => {
  const name = `tree-${spanningTree}-${datapath}`;
  const { node1, node2 } = rack.nodes;
  const nodes = Inventory.of({ nodes: { node1, node2 } } as InventoryInput);
  const pods = new LinenNetwork(name, { nodes, topology: { type: "mesh", spanningTree }, datapath });
  await engine.resolved(pods.verification.urn);
  expect(engine.of("Verification", name).map(({ inputs }) => inputs.settleSeconds)).toEqual([seconds]);
});

test("wrong settings make no resource at all", () => {
  const mesh = { type: "mesh" } as const;
  expect(() => new LinenNetwork("wrong", { nodes: Inventory.of(rack), topology: mesh })).toThrow(UserError);
  expect(engine.of("NodeState", "wrong")).toEqual([]);
});

test("the stack's settings are taken", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.linen.yaml"), "utf8");
  const { config } = parse(text) as {
    config: { inventory: InventoryInput; network: Written & { type: string; name: string } };
  };
  const { type, name, ...network } = config.network;
  expect(type).toBe("linen");
  expect(read({ ...network, nodes: config.inventory }, name).topology).toEqual(star);
});
