import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RomanaNetwork } from "../../components";
import { type Bed, bed } from "./bed";
import { detachAll, lostPairs } from "./pods";
import { seenOnTheWire } from "./wire";

const members = ["node1", "node2"];
const all = [...members, "node3"];

let place: Bed;
const found = new Map<string, string>();

/** Romana's addresses and routes, without one of its programs. */
function network(names: string[], nodePrefix = 24) {
  return async () => {
    const pods = new RomanaNetwork("pods", {
      attach: "cni",
      nodes: place.inventory(names),
      podCidr: "10.112.0.0/16",
      nodePrefix,
      rollout: { windowSeconds: 180 },
    });
    return { subnets: pods.subnets, podCidr: pods.podCidr, matrix: pods.verification?.matrix };
  };
}

beforeAll(async () => {
  place = await bed(
    "romana",
    all.map((name) => ({ name, segment: "a" as const, kind: "light" as const })),
  );
  for (const name of all) found.set(name, await place.lab.snapshot(name));
});
afterAll(() => place?.end());

const routes = async (node: string) => (await place.lab.exec(node, "ip route show proto 98")).stdout.trim().split("\n");
const addressOf = (name: string) => place.lab.nodes.find((node) => node.name === name)?.addresses.ipv4 ?? "";

describe.sequential("Romana's routes as a part of nodes' state", () => {
  test("up gives each node its subnet and a route to the others', and pods reach each other", async () => {
    place.program.run = network(members);
    const { outputs } = await place.stack.up();
    expect(outputs.subnets?.value).toEqual({ node1: ["10.112.0.0/24"], node2: ["10.112.1.0/24"] });
    expect(outputs.matrix?.value).toMatchObject({ failures: [] });
    expect(await routes("node1")).toEqual([expect.stringMatching(`^10.112.1.0/24 via ${addressOf("node2")} `)]);
    expect(await lostPairs(place.lab, members)).toEqual([]);
  });

  test("packets pass the cable as pods sent them: nothing is before them, and nobody translates them", async () => {
    const seen = await seenOnTheWire(place.lab, "node1", "node2", "icmp and net 10.112.0.0/16");
    expect(seen).toMatch(/IP 10\.112\.0\.\d+ > 10\.112\.1\.\d+: ICMP echo request/);
  });

  test("the largest packet is the NIC's", async () => {
    expect(await lostPairs(place.lab, members, 1472)).toEqual([]);
    expect(await lostPairs(place.lab, members, 1473)).toHaveLength(2);
  });

  test("an unchanged up does nothing", async () => {
    const { summary } = await place.stack.up();
    expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("a node that joins renumbers nobody, and is reached", async () => {
    place.program.run = network(all);
    const { outputs } = await place.stack.up();
    expect(outputs.subnets?.value).toEqual({
      node1: ["10.112.0.0/24"],
      node2: ["10.112.1.0/24"],
      node3: ["10.112.2.0/24"],
    });
    expect(await routes("node1")).toHaveLength(2);
    expect(await lostPairs(place.lab, all)).toEqual([]);
  });

  test("another size of subnets is refused at preview, and running pods keep their traffic", async () => {
    place.program.run = network(all, 25);
    await expect(place.stack.preview()).rejects.toThrow(/nodePrefix[\s\S]*nodes have subnets of the old size/);
    expect(await lostPairs(place.lab, all)).toEqual([]);
  });

  test("a route that somebody deleted is found by refresh and made again by up", async () => {
    place.program.run = network(all);
    await place.lab.exec("node1", "ip route del 10.112.1.0/24");
    expect(await lostPairs(place.lab, all)).not.toEqual([]);
    expect((await place.stack.refresh()).stdout).toContain("route 10.112.1.0/24");
    await place.stack.up();
    expect(await lostPairs(place.lab, all)).toEqual([]);
  });

  test("a node that leaves is left as it was, and the others forget the way to it", async () => {
    await detachAll(place.lab, ["node3"]);
    place.program.run = network(members);
    await place.stack.up();
    expect(await place.lab.snapshot("node3")).toBe(found.get("node3"));
    expect(await routes("node1")).toHaveLength(1);
  });

  test("destroy leaves no trace", async () => {
    await detachAll(place.lab, members);
    await place.stack.destroy();
    for (const name of all) expect(await place.lab.snapshot(name), name).toBe(found.get(name));
  });
});
