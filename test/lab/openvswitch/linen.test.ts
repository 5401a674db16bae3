import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LinenNetwork, type LinenNetworkArgs, OpenVSwitch } from "../../../components";
import type { Bed } from "../bed";
import { detachAll, lostPairs } from "../pods";
import { againstMtu } from "../wire";
import { endpoints, inNode, names, ovsBed, reboot, traces, underlay } from "./world";

let place: Bed;
const found = new Map<string, string>();
const master = "node1";
const first = ["node1", "node2"] as const;
const mtu = 1400;

const star = { type: "star", hub: master } as const;

/** Linen over the second NICs, whose bridge is somebody else's on the same nodes. */
function linen(nodes: readonly (typeof names)[number][], topology: LinenNetworkArgs["topology"]) {
  return async () => {
    const rollout = { windowSeconds: 90 };
    const nics = new OpenVSwitch("nics", {
      nodes: place.inventory([...names]),
      datapath: "netdev",
      bridges: underlay(),
      rollout,
    });
    const pods = new LinenNetwork(
      "pods",
      {
        nodes: place.inventory([...nodes]),
        topology,
        datapath: "netdev",
        endpoints: endpoints(nodes),
        rollout,
      },
      { dependsOn: nics.states },
    );
    return { subnets: pods.subnets };
  };
}

beforeAll(async () => {
  place = await ovsBed("linen");
  for (const node of names) found.set(node, await place.lab.snapshot(node));
});
afterAll(() => place?.end());

describe.sequential("Linen on a master and minions", () => {
  test("pods that CNI attaches on master and minion reach each other, with addresses of their node's part", async () => {
    place.program.run = linen(first, star);
    const { outputs } = await place.stack.up();
    expect(outputs.subnets?.value).toEqual({ node1: ["10.244.0.0/24"], node2: ["10.244.1.0/24"] });
    expect(await lostPairs(place.lab, first)).toEqual([]);
    const [pod] = await Promise.all([place.lab.attachPod("node2", "pod")]);
    expect(pod?.addresses[0]).toMatch(/^10\.244\.1\./);
  });

  test("a node that joins is reached from the other minion through the master, and renumbers nobody", async () => {
    place.program.run = linen(names, star);
    const { outputs } = await place.stack.up();
    expect(outputs.subnets?.value).toMatchObject({ node2: ["10.244.1.0/24"], node3: ["10.244.2.0/24"] });
    expect(await lostPairs(place.lab, names)).toEqual([]);
    expect(await againstMtu(place.lab, names, mtu)).toEqual([]);
  });

  test("after a reboot of the master pods reach each other again", async () => {
    await reboot(place.lab, master);
    await expect.poll(() => lostPairs(place.lab, names).catch(String), { timeout: 180_000 }).toEqual([]);
  });

  test.each([
    ["rstp", /Alternate +Discarding/g],
    ["stp", /Alternate +Blocking/gi],
  ] as const)("in a mesh of three, which is a ring, %s cuts it, and pods reach each other", async (tree, cut) => {
    place.program.run = linen(names, { type: "mesh", spanningTree: tree });
    await place.stack.up();
    expect(await lostPairs(place.lab, names)).toEqual([]);
    const cuts = async () => {
      const states = await Promise.all(names.map((node) => inNode(place.lab, node, `ovs-appctl ${tree}/show`)));
      return states.join("\n").match(cut) ?? [];
    };
    // A switch that stood still for seconds is out of the tree for a while.
    await expect.poll(cuts, { timeout: 120_000 }).toHaveLength(1);
  });

  test("destroy leaves no trace", async () => {
    await detachAll(place.lab, names);
    await place.stack.destroy();
    for (const node of names) expect(await traces(place.lab, node, found.get(node) ?? ""), node).toEqual([]);
  });
});
