import { afterAll, beforeAll, expect, test } from "vitest";
import { CanalNetwork, ContivNetwork, type ContivNetworkArgs, FlannelNetwork, Inventory } from "../../../components";
import { program } from "../program";
import { recording } from "../recording";
import { least, rack } from "./read";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const nodes = Inventory.of(rack);
const contiv =
  (name: string, args: Partial<ContivNetworkArgs> = {}) =>
  () =>
    new ContivNetwork(name, { ...least, nodes, ...args });

test("a second Contiv on a cluster that has one is refused by name", async () => {
  const [first, second] = await program(contiv("one"), contiv("two", { podCidr: "20.2.0.0/16" }));
  expect(first).toBe("");
  expect(second).toContain(`the cluster's pod network belongs to the network "one", on node1, node2 too`);
  expect(second).toContain('Open vSwitch of the node belongs to the network "one"');
});

test("and so is any other network of pods", async () => {
  const flannel = () => new FlannelNetwork("two", { nodes, podCidr: "10.244.0.0/16" });
  const canal = () => new CanalNetwork("two", { nodes, podCidr: "10.244.0.0/16", crds: "present" });
  for (const other of [flannel, canal]) {
    const [, second] = await program(contiv("one"), other);
    expect(second).toContain(`the cluster's pod network belongs to the network "one"`);
  }
});
