import { describe, expect, test } from "vitest";
import { etcd, rack, read, refusal, twoSegments, type Written, warnings } from "./read";

const good: Written = { podCidr: "10.244.0.0/16", nodes: rack };
const both = ["10.244.0.0/16", "fd00:10:244::/48"];
const psk = "0123456789abcdef".repeat(6);

test("every problem at once: unknown option, overlap, backend, mode, version", () => {
  const message = refusal({
    ...good,
    podCIDR: "10.0.0.0/8",
    podCidr: ["10.96.0.0/12", "fd00:10:244::/48"],
    serviceCidr: "10.96.0.0/16",
    backend: { type: "ipip" },
    version: "0.22.2",
    blackholeRoute: true,
    etcd,
  } as Written);
  expect(message).toContain('unknown option "podCIDR"; did you mean "podCidr"?');
  expect(message).toContain("podCidr 10.96.0.0/12 overlaps serviceCidr 10.96.0.0/16");
  expect(message).toContain("backend ipip has no ipv6");
  expect(message).toContain("version needs flannel 0.22.3, and version is 0.22.2");
  expect(message).toContain("blackholeRoute needs flannel 0.28.1");
  expect(message).toContain('etcd is set, and the mode is "kubernetes"');
  expect(message).toMatch(/^FlannelNetwork "pods": \d+ problems\n/);
});

describe("an option of another backend is refused with the backends that have it", () => {
  test.each<[string, object, string]>([
    [
      "directRouting of udp",
      { type: "udp", directRouting: true },
      'backend udp has no option "directRouting"; it is one of ipip, vxlan',
    ],
    ["vni of host-gw", { type: "host-gw", vni: 1 }, 'backend host-gw has no option "vni"; it is one of vxlan'],
    [
      "what is nobody's",
      { type: "vxlan", mtu: 1 },
      'backend vxlan has no option "mtu"; it has vni, port, gbp, learning, directRouting',
    ],
    [
      "what was flannel's",
      { type: "aws-vpc", routeTableId: "rtb" },
      'backend aws-vpc has no option "routeTableId"; it has none',
    ],
    ["a backend that is none", { type: "geneve" }, "backend"],
  ])("%s", (_, written, message) => {
    expect(refusal({ ...good, backend: written as Written["backend"] })).toContain(message);
  });
});

describe("what a backend cannot do", () => {
  test.each<[string, Written, string]>([
    [
      "host-gw over a router",
      { ...good, nodes: twoSegments, backend: { type: "host-gw" } },
      "and the nodes are in a, b",
    ],
    ["IPv6 by udp", { ...good, podCidr: both, backend: { type: "udp" } }, "backend udp has no ipv6"],
    [
      "one port for both of WireGuard's tunnels",
      { ...good, podCidr: both, backend: { type: "wireguard", portV6: 51820 } },
      "the tunnels of both families have one port",
    ],
    ["a short key of IPsec", { ...good, backend: { type: "ipsec", psk: "short" } }, "96 characters or more"],
    ["no key of IPsec", { ...good, backend: { type: "ipsec" } as never }, "psk"],
    ["a key of WireGuard that is none", { ...good, backend: { type: "wireguard", psk: "word" } }, "32 bytes in base64"],
    [
      "a shell in extension",
      { ...good, backend: { type: "extension", subnetAddCommand: "ip route add $SUBNET | tee" } },
      "no shell runs it",
    ],
    [
      "half of a cloud's keys",
      { ...good, backend: { type: "tencent-vpc", accessKeyId: "id" } },
      "accessKeyId and accessKeySecret go together",
    ],
    [
      "checksums of a device that is none",
      { ...good, backend: { type: "host-gw" }, checksumOffload: false },
      "host-gw has no device of its own",
    ],
    ["IPv6 over an underlay nobody knows", { podCidr: both }, "flannel leaves no room for the IPv6 underlay of vxlan"],
    [
      "nftables of an old release",
      { ...good, version: "0.24.4", netfilter: "nftables" },
      "netfilter needs flannel 0.25.0",
    ],
  ])("%s", (_, written, message) => {
    expect(refusal(written)).toContain(message);
  });

  test("a key that is refused is not shown", () => {
    for (const one of [
      { type: "ipsec", psk: "words-of-a-key" },
      { type: "wireguard", psk: "words-of-a-key" },
    ] as const)
      expect(refusal({ ...good, backend: one })).not.toContain("words-of-a-key");
  });
});

describe("the two ways of running", () => {
  const hosts: Written = { ...good, mode: "etcd", etcd };
  test.each<[string, Written, string]>([
    ["no nodes", { mode: "etcd", podCidr: "10.244.0.0/16", etcd }, "runs flanneld on nodes, and there are none"],
    ["no etcd", { ...good, mode: "etcd" }, 'mode "etcd" needs an etcd'],
    ["no IPv4", { ...hosts, podCidr: "fd00:10:244::/48" }, "flannel leases subnets in etcd by IPv4"],
    ["Kubernetes' options", { ...hosts, kubernetes: {} }, 'kubernetes is set, and the mode is "etcd"'],
    [
      "HTTPS without a certificate",
      { ...hosts, etcd: { endpoints: etcd.endpoints } },
      "only with a certificate of its own",
    ],
    [
      "a certificate for plain HTTP",
      { ...hosts, etcd: { ...etcd, endpoints: ["http://198.18.0.1:2379"] } },
      "these endpoints are plain HTTP",
    ],
    [
      "a path in an endpoint",
      { ...hosts, etcd: { ...etcd, endpoints: ["https://198.18.0.1:2379/v3"] } },
      "without a path",
    ],
    [
      "a user without password",
      { ...hosts, etcd: { ...etcd, username: "flannel" } },
      "username and password go together",
    ],
    [
      "Docker's options for CNI",
      { ...hosts, etcd: { ...etcd, docker: {} } },
      'etcd.docker is set, and etcd.runtime is "cni"',
    ],
    ["too few subnets", { ...hosts, podCidr: "10.244.0.0/23" }, ""],
    ["subnets that fill the range", { ...hosts, nodePrefix: { ipv4: 17 } }, "flannel wants room for four"],
    ["a plan for no nodes", { podCidr: "10.244.0.0/16", allocation: "podnet" }, "and there are no nodes"],
    ["ports on no nodes", { podCidr: "10.244.0.0/16", openPorts: true }, "openPorts changes nodes, and there are none"],
    [
      "two ways to find the NIC",
      { ...good, iface: { names: "eth0", canReach: "192.0.2.1" } },
      "iface has names and canReach",
    ],
  ])("%s", (_, written, message) => {
    if (message === "") expect(read(written).nodePrefix).toEqual({ ipv4: 25 });
    else expect(refusal(written)).toContain(message);
  });

  test("a password is not shown", () => {
    const wrong = { ...etcd, endpoints: ["nowhere"], username: "a b", password: "of the door" };
    expect(refusal({ ...hosts, etcd: wrong })).not.toContain("of the door");
  });
});

describe("ranges and nodes", () => {
  test.each<[string, Partial<Written>, string]>([
    [
      "pods where the nodes are",
      { podCidr: "198.18.0.0/16" },
      "podCidr 198.18.0.0/16 overlaps segment a 198.18.0.0/22",
    ],
    ["another cluster", { otherRanges: { edge: "10.244.0.0/14" } }, "overlaps otherRanges.edge"],
    [
      "more nodes than subnets",
      { podCidr: "10.244.0.0/24", nodePrefix: { ipv4: 24 } },
      "2 nodes need 2 subnets of /24",
    ],
    [
      "a subnet larger than its range",
      { nodePrefix: { ipv4: 12 } },
      "a node's subnet of /12 does not fit 10.244.0.0/16",
    ],
    [
      "a node without IPv6",
      { podCidr: both, nodes: { nodes: { one: { connection: { host: "192.0.2.1" } } } } },
      "one has no ipv6 address",
    ],
  ])("%s", (_, change, message) => {
    expect(refusal({ ...good, ...change })).toContain(message);
  });

  test("NICs of different names are the user's to judge, unless it is said how to find them", () => {
    const mixed = structuredClone(rack);
    if (mixed.nodes.node2) mixed.nodes.node2.nic = "eno1";
    expect(warnings({ ...good, nodes: mixed })).toContainEqual(expect.stringContaining("different names"));
    expect(warnings({ ...good, nodes: mixed, iface: { names: ["eth0", "eno1"] } })).toEqual([]);
    expect(read(good).iface).toEqual({ names: ["eth0"] });
  });

  test.each<[string, Partial<Written>, string]>([
    ["udp", { backend: { type: "udp" } }, "for debugging"],
    ["ipsec", { backend: { type: "ipsec", psk } }, "backend ipsec experimental"],
    ["nftables", { netfilter: "nftables" }, "nftables experimental"],
    ["routes by nobody we know", { nodes: undefined, backend: { type: "alloc" } }, "podnet does not know it"],
    ["Docker's network", { podCidr: "172.16.0.0/12" }, "Docker's default network"],
  ])("a warning about %s", (_, change, message) => {
    expect(warnings({ ...good, ...change })).toEqual([expect.stringContaining(message)]);
  });
});
