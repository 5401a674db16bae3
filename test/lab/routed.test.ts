import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork } from "../../components";
import { type Bed, bed } from "./bed";
import { attachAll, detachAll, lostPairs } from "./pods";
import { heard, tcpdump } from "./wire";

const all = ["node1", "node2", "node3"] as const;
const nodes = [
  { name: "node1", segment: "a", kind: "full" },
  { name: "node2", segment: "a", kind: "full" },
  { name: "node3", segment: "b", kind: "full" },
] as const;

let world: Bed;
let found: Map<string, string>;

/** The network under test: dual stack, a tunnel between the segments. */
function network(members: string[]) {
  return async () => {
    const pods = new BridgeNetwork("pods", {
      nodes: world.inventory(members),
      podCidr: ["10.244.0.0/16", "fd00:10:244::/48"],
      serviceCidr: "10.96.0.0/12",
      crossSegment: "vxlan",
      rollout: { windowSeconds: 180 },
    });
    return { subnets: pods.subnets, matrix: pods.verification.matrix };
  };
}

beforeAll(async () => {
  world = await bed("routed", [...nodes]);
  found = new Map();
  for (const { name } of nodes) found.set(name, await world.lab.snapshot(name));
});
afterAll(() => world?.end());

describe.sequential("a routed bridge network over two segments, dual stack", () => {
  test("preview opens no connection and touches no node", async () => {
    world.program.run = network(["node1", "node2"]);
    const before = await world.lab.sshConnections();
    const { changeSummary } = await world.stack.preview();
    expect(changeSummary.create).toBeGreaterThan(4);
    expect(await world.lab.sshConnections()).toEqual(before);
    expect(await world.lab.snapshot("node1")).toBe(found.get("node1"));
  });

  // Packets between pods come back the way they went: the strict filter has nothing to drop. It ends with a reboot.
  test("up makes it, and every pod reaches every other, with strict reverse path filtering too", async () => {
    for (const name of all)
      await world.lab.exec(name, "for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 1 > $file; done");
    const { outputs } = await world.stack.up();
    expect(outputs.subnets?.value).toEqual({
      node1: ["10.244.0.0/24", "fd00:10:244::/64"],
      node2: ["10.244.1.0/24", "fd00:10:244:1::/64"],
    });
    expect(await lostPairs(world.lab, ["node1", "node2"])).toEqual([]);
    const { stdout } = await world.lab.exec("node1", "cd /proc/sys/net/ipv4/conf; cat all/rp_filter podnet0/rp_filter");
    expect(stdout).toBe("1\n1\n");
  });

  test("a node that comes renumbers nobody, and each other node gets its routes and nothing else", async () => {
    const before = await world.lab.exec("node1", "ip route; ip -6 route");
    world.program.run = network(["node1", "node2", "node3"]);
    const { outputs } = await world.stack.up();
    expect(outputs.subnets?.value).toMatchObject({
      node1: ["10.244.0.0/24", "fd00:10:244::/64"],
      node3: ["10.244.2.0/24", "fd00:10:244:2::/64"],
    });
    const after = await world.lab.exec("node1", "ip route; ip -6 route");
    const lines = (text: string) => text.split("\n").map((line) => line.trim());
    const less = (one: string, other: string) => lines(one).filter((line) => !lines(other).includes(line));
    expect(less(before.stdout, after.stdout)).toEqual([]);
    // The first node of another segment brings the tunnel, too, and what the kernel gives a device.
    expect(less(after.stdout, before.stdout)).toEqual([
      expect.stringMatching(/^10\.244\.2\.0\/24 via 10\.244\.2\.0 dev podnet-vx0 .*onlink/),
      expect.stringMatching(/^fd00:10:244:: dev podnet-vx0 proto kernel/),
      expect.stringMatching(/^fd00:10:244:2::\/64 via fd00:10:244:2:: dev podnet-vx0 .*onlink/),
      expect.stringMatching(/^fe80::\/64 dev podnet-vx0 proto kernel/),
    ]);
    expect(await lostPairs(world.lab, all)).toEqual([]);
  });

  test("an unchanged up does nothing", async () => {
    const before = await world.lab.sshConnections();
    const { summary } = await world.stack.up();
    expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(await world.lab.sshConnections()).toEqual(before);
  });

  test("what somebody changed by hand is found by refresh and repaired by up", async () => {
    await world.lab.exec(
      "node1",
      "ip route del 10.244.1.0/24; sysctl -qw net.ipv4.ip_forward=0; rm /etc/cni/net.d/*pods*",
    );
    await world.lab.exec("node2", "nft flush table ip podnet-pods");
    const refreshed = await world.stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ update: 2 });
    expect(refreshed.stdout).toContain("route 10.244.1.0/24");
    expect(refreshed.stdout).toContain("sysctl net/ipv4/ip_forward");
    await world.stack.up();
    const again = await world.stack.refresh();
    expect(Object.keys(again.summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(await lostPairs(world.lab, all)).toEqual([]);
  });

  test.each(nodes.map(({ name }) => name))("after a reboot of %s every pod reaches every other again", async (name) => {
    await world.lab.reboot(name);
    await world.lab.waitForSsh(name);
    expect(await lostPairs(world.lab, all)).toEqual([]);
  });

  test("the largest packet of a pod passes whole, between segments too", async () => {
    expect(await lostPairs(world.lab, all, 1450 - 40 - 8)).toEqual([]);
  });

  test("what leaves the cluster takes its node's address, pod traffic keeps its own", async () => {
    const [first, second] = await attachAll(world.lab, ["node1", "node2"]);
    const outside = world.lab.routers.a.ipv4;
    const seen = await heard(
      (script) => world.lab.execRouter(script),
      `${tcpdump} -i any 'icmp[icmptype] == 8 and dst ${outside}'`,
      /echo request/,
      () => world.lab.inPod("node1", "pod", `ping -c 3 -i 0.3 ${outside}`),
    );
    expect(seen).toContain(`IP ${world.lab.nodes[0]?.addresses.ipv4} > ${outside}`);
    const counted = "nft add table ip seen; nft add chain ip seen in '{ type filter hook input priority 0; }'";
    await world.lab.inPod(
      "node2",
      "pod",
      `${counted}; nft add rule ip seen in icmp type echo-request ip saddr ${first?.addresses[0]} counter`,
    );
    await world.lab.inPod("node1", "pod", `ping -c 2 -W 2 ${second?.addresses[0]}`);
    expect((await world.lab.inPod("node2", "pod", "nft list table ip seen")).stdout).toContain("packets 2 ");
  });

  test("a node that goes takes nobody's route with it but its own", async () => {
    await detachAll(world.lab, ["node3"]);
    world.program.run = network(["node1", "node2"]);
    await world.stack.up();
    const { stdout } = await world.lab.exec("node1", "ip route");
    expect(stdout).not.toContain("10.244.2.0/24");
    expect(stdout).toContain("10.244.1.0/24 via");
    expect(await world.lab.snapshot("node3")).toBe(found.get("node3"));
  });

  test("destroy leaves every node as it was found", async () => {
    await detachAll(world.lab, ["node1", "node2"]);
    await world.stack.destroy();
    for (const { name } of nodes) expect(await world.lab.snapshot(name)).toBe(found.get(name));
  });
});
