import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { FlannelNetwork, type FlannelNetworkArgs } from "../../../components";
import { clusterArtifacts } from "../../../lab/kubernetes/artifacts";
import { type Bed, bed } from "../bed";
import { difference } from "../kubernetes/world";
import { detachAll, lostPairs } from "../pods";
import { againstMtu, seenOnTheWire } from "../wire";
import { EtcdServer } from "./etcd-server";

const nodes = [
  { name: "node1", segment: "a", kind: "full" },
  { name: "node2", segment: "a", kind: "full" },
  { name: "node3", segment: "b", kind: "full" },
] as const;
const members = ["node1", "node2"];
const all = [...members, "node3"];
const prefix = "/coreos.com/network";
/** 1500 of the NICs, less IP and UDP. */
const mtu = 1472;

let place: Bed;
let etcd: EtcdServer;
let programs: Record<"flanneld" | "flannel", { sha256: string; localPath: string }>;
const found = new Map<string, string>();

function network(names: string[], backend: NonNullable<FlannelNetworkArgs["backend"]> = { type: "udp" }) {
  return async () => {
    const pods = new FlannelNetwork("pods", {
      mode: "etcd",
      version: "0.28.4",
      nodes: place.inventory(names),
      podCidr: "10.244.0.0/16",
      backend,
      cni: { artifacts: { flannel: programs.flannel } },
      etcd: { endpoints: [etcd.endpoint], flanneld: { artifact: programs.flanneld } },
      rollout: { windowSeconds: 90 },
    });
    return { subnets: pods.subnets, mtu: pods.mtu };
  };
}

const program = (localPath: string) => ({
  localPath,
  sha256: createHash("sha256").update(readFileSync(localPath)).digest("hex"),
});

beforeAll(async () => {
  const artifacts = await clusterArtifacts();
  programs = {
    flanneld: program(`${artifacts.flannel}/flanneld`),
    flannel: program(`${artifacts.flannelPlugin}/flannel`),
  };
  // A node asks etcd by curl.
  place = await bed("flannel-hosts", [...nodes], ["curl"]);
  etcd = new EtcdServer(place.lab, artifacts.etcd);
  await vi.waitFor(() => etcd.keys(), { timeout: 180_000, interval: 200 });
  for (const { name } of nodes) found.set(name, await place.lab.snapshot(name));
});
afterAll(async () => {
  etcd?.end();
  await place?.end();
});

const inNode = async (node: string, script: string) => (await place.lab.exec(node, script)).stdout.trim();
const lease = (subnet: string) => `${prefix}/subnets/${subnet}`;

describe.sequential("flannel's udp on hosts with etcd, over two segments", () => {
  test("up starts flanneld on every host with the subnet of the plan, and pods reach each other", async () => {
    place.program.run = network(members);
    const { outputs } = await place.stack.up();
    expect(outputs.subnets?.value).toEqual({ node1: ["10.244.0.0/24"], node2: ["10.244.1.0/24"] });
    expect(await etcd.keys()).toEqual([`${prefix}/config`, lease("10.244.0.0-24"), lease("10.244.1.0-24")]);
    expect(await inNode("node1", "cat /run/flannel/subnet.env")).toContain(
      `FLANNEL_SUBNET=10.244.0.1/24\nFLANNEL_MTU=${mtu}\n`,
    );
    expect(await lostPairs(place.lab, members)).toEqual([]);
  });

  test("a host that comes gets a subnet of its own, renumbers nobody, and is reached in the other segment", async () => {
    place.program.run = network(all);
    const { outputs } = await place.stack.up();
    expect(outputs.subnets?.value).toEqual({
      node1: ["10.244.0.0/24"],
      node2: ["10.244.1.0/24"],
      node3: ["10.244.2.0/24"],
    });
    expect(await lostPairs(place.lab, all)).toEqual([]);
  });

  test("packets between hosts are flannel's UDP on port 8285, and the largest is of the MTU worked out", async () => {
    const { ipv4 } = place.lab.nodes.find(({ name }) => name === "node3")?.addresses ?? {};
    const seen = await seenOnTheWire(place.lab, "node1", "node3", `udp port 8285 and host ${ipv4}`);
    expect(seen).toMatch(/\.8285 > 198\.18\.\d+\.\d+\.8285: UDP, length 84/);
    expect(await againstMtu(place.lab, all, mtu)).toEqual([]);
  });

  test("an unchanged up does nothing", async () => {
    const { summary } = await place.stack.up();
    expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("a host that reboots, and a flanneld that is killed, have the same subnet again", async () => {
    await place.lab.reboot("node1");
    await place.lab.waitForSsh("node1");
    await place.lab.exec("node2", "pkill -KILL -x flanneld");
    await expect.poll(() => lostPairs(place.lab, all).catch(String), { timeout: 240_000 }).toEqual([]);
    expect(await inNode("node1", "grep ^FLANNEL_SUBNET /run/flannel/subnet.env")).toBe("FLANNEL_SUBNET=10.244.0.1/24");
    expect(await etcd.keys()).toHaveLength(4);
  });

  test("what somebody changed by hand, on a host or in etcd, is found by refresh and repaired by up", async () => {
    await place.lab.exec("node1", "systemctl stop podnet-pods-flanneld; rm /etc/cni/net.d/10-flannel.conflist");
    await etcd.put(`${prefix}/config`, "{}");
    const refreshed = await place.stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ update: 2 });
    expect(refreshed.stdout).toContain("podnet-pods-flanneld.service");
    await place.stack.up();
    expect(Object.keys((await place.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(await lostPairs(place.lab, all)).toEqual([]);
  });

  test("a host that goes is left as it was", async () => {
    await detachAll(place.lab, ["node3"]);
    place.program.run = network(members);
    await place.stack.up();
    expect(difference(found.get("node3") ?? "", await place.lab.snapshot("node3"))).toEqual([]);
    expect(await lostPairs(place.lab, members)).toEqual([]);
  });

  test("destroy leaves no trace on hosts and in etcd", async () => {
    await detachAll(place.lab, members);
    await place.stack.destroy();
    expect(await etcd.keys()).toEqual([]);
    for (const name of all) expect(difference(found.get(name) ?? "", await place.lab.snapshot(name)), name).toEqual([]);
  });
});

const plain = /IP 10\.244\.\d\.\d+ > 10\.244\.\d\.\d+: ICMP echo request/;
const others: [backend: "vxlan" | "host-gw" | "alloc", mtu: number, filter: string, seen: RegExp][] = [
  ["vxlan", 1450, "udp port 8472", /VXLAN|OTV/],
  ["host-gw", 1500, "icmp and net 10.244.0.0/16", plain],
  ["alloc", 1500, "icmp and net 10.244.0.0/16", plain],
];

/** What whoever makes routes does for the backend alloc, and undoes. */
async function routesByOthers(verb: "add" | "del"): Promise<void> {
  const [one, other] = place.lab.nodes;
  for (const [node, subnet, hop] of [
    ["node1", "10.244.1.0/24", other?.addresses.ipv4],
    ["node2", "10.244.0.0/24", one?.addresses.ipv4],
  ])
    expect((await place.lab.exec(node as string, `ip route ${verb} ${subnet} via ${hop}`)).stderr).toBe("");
}

test.sequential.each(others)("flannel's %s on hosts with etcd", async (type, carried, filter, seen) => {
  place.program.run = network(members, { type });
  const { outputs } = await place.stack.up();
  expect(outputs.mtu?.value).toBe(carried);
  if (type === "alloc") await routesByOthers("add");
  expect(await lostPairs(place.lab, members)).toEqual([]);
  expect(await seenOnTheWire(place.lab, "node1", "node2", filter)).toMatch(seen);
  expect(await againstMtu(place.lab, members, carried)).toEqual([]);
  if (type === "alloc") await routesByOthers("del");
  await detachAll(place.lab, members);
  await place.stack.destroy();
  for (const name of members)
    expect(difference(found.get(name) ?? "", await place.lab.snapshot(name)), name).toEqual([]);
});
