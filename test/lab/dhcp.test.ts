import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BridgeNetwork, Inventory, type InventoryInput } from "../../components";
import { type Bed, bed, failure } from "./bed";

const names = ["node1", "node2"];

let world: Bed;
let found: string[];

/** A name of its own for each pod, since it is the name that a DHCP server knows a pod by. */
const podOf = (node: string) => `pod-${node}`;
const attachPods = () => Promise.all(names.map((node) => world.lab.attachPod(node, podOf(node))));

async function lostPairs(): Promise<string[]> {
  const results = await world.lab.pingMatrix(await attachPods());
  expect(results).toHaveLength(2);
  return results
    .filter(({ reached }) => !reached)
    .map(({ from, to, address }) => `${from.node} → ${address} of ${to.node}`);
}

const snapshots = () => Promise.all(names.map((name) => world.lab.snapshot(name)));

/** The physical network's /22, and addresses in its third quarter, which the DHCP server gives out. */
function physical() {
  const [, start = "", third = ""] = /^(\d+\.\d+)\.(\d+)\./.exec(world.lab.routers.a.ipv4) ?? [];
  return { network: `${start}.${third}.0/22`, leases: `${start}.${Number(third) + 2}` };
}

function network(nodes: Inventory) {
  return async () => {
    new BridgeNetwork("pods", {
      shape: "flat",
      nodes,
      podCidr: physical().network,
      bridge: "br0",
      flat: { ipam: "dhcp" },
      rollout: { windowSeconds: 180 },
    });
  };
}

const server = "/var/lib/podnet-lab/dhcp/dnsmasq";

/** Addresses that the server has given out, in the order in which it did. */
const given = () => [...readFileSync(`${server}.log`, "utf8").matchAll(/DHCPACK\(a\) (\S+)/g)].map(([, one]) => one);

beforeAll(async () => {
  world = await bed("dhcp", [
    { name: "node1", segment: "a", kind: "full" },
    { name: "node2", segment: "a", kind: "full", secondNic: true },
  ]);
  found = await snapshots();
  const { leases } = physical();
  const started = await world.lab.execRouter(
    `dnsmasq --conf-file=/dev/null --port=0 --interface=a --bind-interfaces --user=root --dhcp-authoritative --no-ping \\
  --dhcp-range=${leases}.10,${leases}.99,255.255.252.0,2h --dhcp-leasefile=${server}.leases --log-facility=${server}.log --pid-file=${server}.pid`,
  );
  expect(started).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await world?.lab.execRouter(`kill "$(cat ${server}.pid)"`);
  await world?.end();
});

describe.sequential("a flat bridge network whose pods have leases", () => {
  test("a NIC that is not the node's way to the others is refused, and no node is touched", async () => {
    const document: InventoryInput = parse(readFileSync(world.lab.inventoryFile, "utf8"));
    const { node1, node2 } = document.nodes as Record<"node1" | "node2", InventoryInput["nodes"][string]>;
    world.program.run = network(Inventory.of({ ...document, nodes: { node1, node2: { ...node2, nic: "eth1" } } }));
    const message = await failure(world.stack.up());
    expect(message).toContain("node2: nothing was changed");
    expect(message).toContain(
      `${world.lab.nodes[1]?.addresses.ipv4} is on eth0, not on eth1: name the NIC that carries it`,
    );
    expect(await world.lab.snapshot("node2")).toBe(found[1]);
    await world.stack.destroy();
    expect(await snapshots()).toEqual(found);
  });

  test("up moves the NIC, and pods reach each other by addresses of the network's DHCP server", async () => {
    world.program.run = network(world.inventory());
    await world.stack.up();
    // Each node's probe pod had an address of its own.
    expect(new Set(given()).size).toBe(2);
    for (const { addresses } of await attachPods()) expect(given()).toContain(addresses[0]);
    expect(await lostPairs()).toEqual([]);
  });

  test("after a reboot pods get leases and reach each other again", async () => {
    await world.lab.reboot("node2");
    await world.lab.waitForSsh("node2");
    expect(await lostPairs()).toEqual([]);
  });

  test("destroy leaves every node as it was found", async () => {
    await Promise.all(names.map((node) => world.lab.detachPod(node, podOf(node))));
    await Promise.all(names.map((node) => world.lab.exec(node, "rmdir /var/lib/cni/results")));
    await world.stack.destroy();
    expect(await snapshots()).toEqual(found);
  });
});
