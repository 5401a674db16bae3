import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork, type BridgeNetworkArgs } from "../../components";
import { type Bed, bed, failure } from "./bed";

const names = ["node1", "node2", "node3"];

let world: Bed;

function wanted(nodes: string[], more: Partial<BridgeNetworkArgs> = {}): void {
  world.program.run = async () => {
    new BridgeNetwork("pods", { nodes: world.inventory(nodes), podCidr: "10.244.0.0/16", ...more });
  };
}
const routes = async () => (await world.lab.exec("node1", "ip route show proto 98")).stdout;

beforeAll(async () => {
  world = await bed(
    "gone",
    names.map((name) => ({ name, segment: "a" as const, kind: "light" as const })),
  );
  wanted(names);
  await world.stack.up();
  await world.lab.cut("node3", "cable");
});
afterAll(() => world?.end());

describe.sequential("a node that is gone for good", () => {
  test("is not forgotten unless it is said, and the error says how", async () => {
    wanted(["node1", "node2"]);
    expect(await failure(world.stack.up())).toMatch(/node3: .*onUnreachable: "forget"/);
  });

  test("is forgotten in two runs: one that says so, one without the node", async () => {
    wanted(names, { onUnreachable: "forget" });
    // The removal that failed has proven the network without the node; with it, the proof fails and names the node. Why
    // it cannot be reached depends on whether this machine still knows its hardware address: no way to it, or no answer.
    expect(await failure(world.stack.up())).toMatch(
      new RegExp(`\\* node3: root@${world.lab.nodes[2]?.addresses.ipv4}:22: no (way to|SSH login)`),
    );
    wanted(["node1", "node2"], { onUnreachable: "forget" });
    const { stdout } = await world.stack.up();
    expect(stdout).toContain("node3 cannot be reached and is forgotten as it is");
    const { resources } = (await world.stack.exportStack()).deployment as { resources: { urn: string }[] };
    expect(resources.filter(({ urn }) => urn.endsWith("::pods-node3"))).toEqual([]);
    expect(await routes()).toContain("10.244.1.0/24");
    expect(await routes()).not.toContain("10.244.2.0/24");
  });
});
