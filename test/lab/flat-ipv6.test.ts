import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork } from "../../components";
import { type Bed, bed, failure } from "./bed";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2"];
let world: Bed;
let found: string[];
let prefix: string;

/**
 * One advertisement (RFC 4861, 4.2) from the router to segment a: a default route for half an hour, and the segment's
 * prefix to make addresses from.
 */
async function advertise(): Promise<void> {
  const { code, stderr } = await world.lab.execRouter(`perl -MSocket=:all -e '
    socket(my $socket, AF_INET6, SOCK_RAW, 58) or die "socket: $!";
    my ($index) = \`ip -o link show dev a\` =~ /^(\\d+)/;
    setsockopt($socket, 41, 18, pack("i", 255)) or die "hops: $!";
    setsockopt($socket, 41, 17, pack("i", $index)) or die "device: $!";
    my $option = pack("C4N3", 3, 4, 64, 0xc0, 3600, 3600, 0) . inet_pton(AF_INET6, "${prefix}");
    my $message = pack("C2nC2nN2", 134, 0, 0, 64, 0, 1800, 0, 0) . $option;
    send($socket, $message, 0, pack_sockaddr_in6(0, inet_pton(AF_INET6, "ff02::1"), $index)) or die "send: $!";
  '`);
  if (code !== 0) throw new Error(stderr);
}

/** What each node shows once it has heard an advertisement. */
async function advertised(script: string): Promise<string[]> {
  await advertise();
  return Promise.all(names.map(async (name) => (await world.lab.exec(name, `sleep 1; ${script}`)).stdout));
}

const snapshots = async () => {
  await advertised("true");
  return Promise.all(names.map((name) => world.lab.snapshot(name)));
};

beforeAll(async () => {
  world = await bed(
    "flat-ipv6",
    names.map((name) => ({ name, segment: "a" as const, kind: "light" as const })),
  );
  const { ipv6 } = world.lab.routers.a;
  prefix = ipv6.replace(/1$/, "");
  const range = (index: number) => ({ start: `${prefix}10${index}:0`, end: `${prefix}10${index}:ff` });
  world.program.run = async () => {
    new BridgeNetwork("pods", {
      shape: "flat",
      nodes: world.inventory(),
      podCidr: `${prefix}/64`,
      bridge: "br0",
      flat: { gateway: ipv6, ranges: Object.fromEntries(names.map((name, index) => [name, range(index)])) },
      rollout: { windowSeconds: 180 },
    });
  };
  for (const name of names)
    await world.lab.exec(name, "cd /proc/sys/net/ipv6/conf; echo 1 > eth0/accept_ra; echo 1 > eth0/autoconf");
});
afterAll(() => world?.end());

describe.sequential("a flat IPv6 network where a router advertises itself", () => {
  test("a node whose default route comes by advertisements alone is refused, and nothing is changed", async () => {
    for (const name of names) await world.lab.exec(name, "ip -6 route del default");
    found = await snapshots();
    const message = await failure(world.stack.up());
    expect(message).toContain("uplinks: the IPv6 default route of eth0 comes from router advertisements");
    expect(message).toContain("give the node a static IPv6 address and default route first");
    expect(await snapshots()).toEqual(found);
  });

  test("an address that the NIC made itself stands not in the way of the bridge's", async () => {
    const { ipv6 } = world.lab.routers.a;
    for (const name of names)
      await world.lab.exec(
        name,
        `cd /proc/sys/net/ipv6/conf; echo 0 > eth0/accept_ra_defrtr; ip -6 route flush proto ra; ip -6 route add default via ${ipv6}`,
      );
    found = await snapshots();
    const address = `ip -6 -br address show dev eth0`;
    for (const text of await advertised(address))
      expect(text.match(new RegExp(prefix.slice(0, -1), "g"))).toHaveLength(2);

    await world.stack.up();
    const shown = await advertised(`ip -6 route show default; ip -6 route show ${prefix}/64; ${address}`);
    for (const text of shown) {
      expect(text).toContain(`default via ${ipv6} dev br0`);
      expect(text).toContain(`${prefix}/64 dev br0`);
      expect(text).not.toContain("eth0");
    }
  });

  test("pods reach each other, the nodes and the router", async () => {
    expect(await lostPairs(world.lab, names)).toEqual([]);
    for (const address of [world.lab.routers.a.ipv6, world.lab.nodes[1]?.addresses.ipv6])
      expect((await world.lab.inPod("node1", "pod", `ping -6 -c 2 -W 2 ${address}`)).code).toBe(0);
  });

  test("a refresh finds no drift, and another run nothing to do", async () => {
    expect((await world.stack.refresh()).summary.resourceChanges).toEqual({ same: expect.any(Number) });
    expect((await world.stack.up()).summary.resourceChanges).toEqual({ same: expect.any(Number) });
  });

  test("destroy gives the NIC its IPv6 back, and what it hears by it", async () => {
    await detachAll(world.lab, names);
    await world.stack.destroy();
    expect(await snapshots()).toEqual(found);
  });
});
