import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FlannelNetworkArgs } from "../../../components";
import { expectAnswers } from "../kubernetes/steps";
import { kubectl, startWeb } from "../kubernetes/web";
import { lostPairs } from "../pods";
import { againstMtu, seenOnTheWire } from "../wire";
import { leftBehind, type World, world } from "./world";

const members = ["node1", "node2"];

let place: World;
beforeAll(async () => {
  place = await world("flannel-plain", [
    { name: "node1", kind: "kubernetes" },
    { name: "node2", kind: "kubernetes" },
  ]);
});
afterAll(() => place?.end());

interface Case {
  backend: NonNullable<FlannelNetworkArgs["backend"]>;
  further?: Partial<FlannelNetworkArgs>;
  mtu: number;
  /** What passes the cable of a node, as a filter and in tcpdump's words. */
  wire: [filter: string, seen: RegExp];
}

const plain = /IP 10\.244\.\d\.\d+ > 10\.244\.\d\.\d+: ICMP echo request/;
const cases: Case[] = [
  { backend: { type: "host-gw" }, mtu: 1500, wire: ["icmp and net 10.244.0.0/16", plain] },
  { backend: { type: "udp" }, mtu: 1472, wire: ["udp port 8285", /\.8285 > [\d.]+\.8285: UDP, length 84/] },
  // The lab's controller manager gives the subnets.
  {
    backend: { type: "alloc" },
    further: { allocation: "cluster" },
    mtu: 1500,
    wire: ["icmp and net 10.244.0.0/16", plain],
  },
];

/** Each node's subnet as the cluster has given it. */
const subnetOf = (node: string) => kubectl(place.lab, `get node ${node} -o jsonpath={.spec.podCIDRs[0]}`);
const routes = async (node: string) => (await place.lab.exec(node, "ip -4 route")).stdout;

/** What whoever makes routes does for the backend alloc, and undoes. */
async function routeBetweenNodes(verb: "add" | "del"): Promise<void> {
  for (const { name } of place.lab.nodes)
    for (const other of place.lab.nodes.filter((one) => one.name !== name)) {
      const route = `${await subnetOf(other.name)} via ${other.addresses.ipv4}`;
      expect((await place.lab.exec(name, `ip route ${verb} ${route}`)).stderr).toBe("");
    }
}

describe.sequential.each(cases)(
  "flannel's $backend.type in a cluster of one segment",
  ({ backend, further, mtu, wire }) => {
    test("up makes it, nodes are Ready, and pods and a service answer everywhere", async () => {
      place.want(members, { backend, ...further });
      const { outputs } = await place.stack.up();
      expect(outputs.mtu?.value).toBe(mtu);
      await kubectl(place.lab, "wait node --all --for=condition=Ready --timeout=240s");
      if (backend.type === "alloc") await routeBetweenNodes("add");
      await startWeb(place.lab);
      await expectAnswers(place.lab, members);
    });

    test("packets look on the wire as the backend says, and the largest is of the MTU worked out", async () => {
      expect(await seenOnTheWire(place.lab, "node1", "node2", wire[0])).toMatch(wire[1]);
      expect(await againstMtu(place.lab, members, mtu)).toEqual([]);
    });

    if (backend.type === "host-gw")
      test("flanneld puts a route back that somebody deleted", async () => {
        const subnet = await subnetOf("node2");
        await place.lab.exec("node1", `ip route del ${subnet}`);
        await expect.poll(() => routes("node1"), { timeout: 180_000 }).toContain(subnet);
        expect(await lostPairs(place.lab, members)).toEqual([]);
      });

    test("destroy leaves no trace on nodes and in the cluster", async () => {
      if (backend.type === "alloc") await routeBetweenNodes("del");
      expect(await leftBehind(place, members)).toEqual([]);
    });
  },
);
