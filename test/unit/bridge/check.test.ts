import { describe, expect, test } from "vitest";
import type { InventoryInput } from "../../../components/inventory";
import { read, refusal, twoSegments, type Written, warnings } from "./read";

const good: Written = { nodes: twoSegments, podCidr: "10.244.0.0/16", crossSegment: "vxlan" };
const rack: InventoryInput = {
  segments: { a: { subnets: ["198.18.0.0/22"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, nic: "eth0" },
    node2: { connection: { host: "198.18.0.12" }, nic: "eth0" },
  },
};
const flat: Written = {
  nodes: rack,
  shape: "flat",
  podCidr: "198.18.0.0/22",
  flat: { gateway: "198.18.0.1", pool: "198.18.3.0/24" },
};

test("every problem at once: unknown option, overlap, MTU, name, version", () => {
  const message = refusal({
    ...good,
    podCIDR: "10.0.0.0/8",
    bridge: "podnet-of-rack-one",
    podCidr: "10.96.0.0/12",
    serviceCidr: "10.96.0.0/16",
    mtu: 1480,
    cni: { portIsolation: true, version: "1.1.0" },
  } as Written);
  expect(message).toContain('unknown option "podCIDR"; did you mean "podCidr"?');
  expect(message).toContain("a device name has 1 to 15 letters");
  expect(message).toContain('value "podnet-of-rack-one"');
  expect(message).toContain("podCidr 10.96.0.0/12 overlaps serviceCidr 10.96.0.0/16");
  expect(message).toContain(
    "packets of 1480 bytes and 50 of VXLAN over ipv4 do not fit the NIC of node1, node2, node3, which carries 1500",
  );
  expect(message).toContain("cni.portIsolation needs CNI plugins 1.7.0, and pluginVersion is 1.1.1");
  expect(message).toContain("cni.version needs CNI plugins 1.6.0");
  expect(message).toMatch(/^BridgeNetwork "pods": \d+ problems\n/);
});

describe("overlaps", () => {
  test.each<[string, Partial<Written>, string]>([
    ["services", { serviceCidr: "10.244.128.0/17" }, "podCidr 10.244.0.0/16 overlaps serviceCidr 10.244.128.0/17"],
    ["another cluster", { otherRanges: { edge: "10.244.0.0/14" } }, "overlaps otherRanges.edge 10.244.0.0/14"],
    [
      "services with another cluster",
      { serviceCidr: "10.96.0.0/12", otherRanges: { edge: "10.100.0.0/16" } },
      "serviceCidr 10.96.0.0/12 overlaps otherRanges.edge",
    ],
    ["the nodes' segment", { podCidr: "198.18.0.0/16" }, "podCidr 198.18.0.0/16 overlaps segment a 198.18.0.0/22"],
    ["IPv6", { podCidr: ["10.244.0.0/16", "fd98::/32"] }, "podCidr fd98::/32 overlaps segment a fd98:0:a::/64"],
  ])("pods with %s", (_, change, message) => {
    expect(refusal({ ...good, ...change })).toContain(message);
  });

  test("nodes whose segment is not described are held apart by their addresses", () => {
    const nodes = { nodes: { node1: { connection: { host: "10.244.7.1" } } } };
    expect(refusal({ nodes, podCidr: "10.244.0.0/16" })).toContain(
      "podCidr 10.244.0.0/16 overlaps node node1 10.244.7.1/32",
    );
  });

  test("other ranges may meet each other and the nodes", () => {
    expect(() => read({ ...good, otherRanges: { corporate: "198.18.0.0/15", site: "198.18.0.0/16" } })).not.toThrow();
  });

  test("Docker's default network is a warning, for the user to judge", () => {
    expect(warnings({ ...good, podCidr: "172.16.0.0/12" })).toEqual([
      expect.stringContaining("podCidr 172.16.0.0/12 holds Docker's default network 172.17.0.0/16"),
    ]);
    expect(warnings(good)).toEqual([]);
  });
});

describe("address ranges", () => {
  test.each<[string, Partial<Written>, string]>([
    [
      "too few subnets for the nodes",
      { podCidr: "10.244.0.0/23" },
      "3 nodes need 3 subnets of /24, and 10.244.0.0/23 has 2",
    ],
    [
      "a pool smaller than a node's part",
      { podCidr: "10.244.0.0/25" },
      "a node's subnet of /24 is larger than its pool 10.244.0.0/25",
    ],
    ["a pod subnet without room for pods", { nodePrefix: { ipv4: 31 } }, "nodePrefix.ipv4"],
    [
      "two ranges of one family",
      { podCidr: ["10.244.0.0/16", "10.245.0.0/16"] },
      "podCidr has more than one range of a family",
    ],
    ["no range", { podCidr: [] }, "name at least one range"],
    ["host bits", { podCidr: "10.244.1.0/16" }, "did you mean 10.244.0.0/16?"],
  ])("%s", (_, change, message) => {
    expect(refusal({ ...good, ...change })).toContain(message);
  });

  test("a node without an address of the pods' family", () => {
    const nodes = structuredClone(twoSegments);
    nodes.nodes.node2 = { connection: { host: "198.18.0.12" } };
    expect(refusal({ ...good, nodes, podCidr: ["10.244.0.0/16", "fd00:10:244::/48"] })).toContain(
      "node2 has no ipv6 address, and podCidr has an ipv6 range",
    );
  });
});

describe("segments, devices, names", () => {
  test("nodes in two segments need routers, or a tunnel", () => {
    const nodes = structuredClone(twoSegments);
    if (nodes.segments?.b) nodes.segments.b.routers = ["198.18.4.1"];
    const message = refusal({ nodes, podCidr: ["10.244.0.0/16", "fd00:10:244::/48"] });
    expect(message).toContain("segment b has no ipv6 router");
    expect(message).toContain('or say crossSegment: "vxlan"');
    expect(() => read({ nodes, podCidr: ["10.244.0.0/16", "fd00:10:244::/48"], crossSegment: "vxlan" })).not.toThrow();
  });

  test("a NIC with the bridge's name, a tunnel with the bridge's name", () => {
    const message = refusal({
      ...flat,
      shape: "routed",
      flat: {},
      podCidr: "10.244.0.0/16",
      bridge: "eth0",
      vxlan: { name: "eth0" },
    });
    expect(message).toMatch(/NIC of node1 is named like podnet's device eth0\n.*\n.*another name \(bridge\)/);
    expect(message).toMatch(/the tunnel has the bridge's name\n.*\n.*give one of bridge and vxlan\.name another name/);
  });

  test("IPv6 needs 1280 bytes", () => {
    const nodes = structuredClone(twoSegments);
    for (const node of Object.values(nodes.nodes)) node.mtu = 1300;
    expect(refusal({ ...good, nodes, podCidr: ["10.244.0.0/16", "fd00:10:244::/48"] })).toContain(
      "1250 bytes are less than the 1280",
    );
  });

  test("one mistake about a thousand nodes is not a thousand lines", () => {
    const hosts = Array.from({ length: 1000 }, (_, index) => `198.18.${Math.floor(index / 250)}.${(index % 250) + 1}`);
    const nodes = { nodes: Object.fromEntries(hosts.map((host, index) => [`node${index}`, { connection: { host } }])) };
    const message = refusal({ nodes, podCidr: ["10.0.0.0/8", "fd00:10:244::/48"], mtu: 9000 });
    expect(message).toContain('BridgeNetwork "pods": 1001 problems');
    expect(message).toMatch(/… and 971 more$/);
    expect(message.split("\n").length).toBeLessThan(100);
  });

  test("the network's name must do as a file name and a table's", () => {
    expect(refusal(good, "Pods of rack 1")).toContain('the network\'s name "Pods of rack 1"');
  });

  test("hairpin and promiscMode exclude each other; promiscMode alone turns hairpin off", () => {
    expect(refusal({ ...good, hairpin: true, cni: { promiscMode: true } })).toContain("exclude each other");
    expect(read({ ...good, cni: { promiscMode: true } }).hairpin).toBe(false);
  });

  test.each([
    "/bin/sh -c 'touch /x' #",
    "/opt/cni/%n",
    "/opt/$HOME/bin",
    '/opt/"cni"',
    "/opt/cni\\x20bin",
    "/opt/cni/bin;reboot",
    "/opt/../bin",
    "/opt/cni/bin\nExecStartPre=/bin/reboot",
    "opt/cni/bin",
  ])("a folder of plugins that a systemd unit would read as something else: %j", (folder) => {
    const written = { ...flat, flat: { ipam: "dhcp" as const }, cni: { binaries: folder, directory: folder } };
    const message = refusal(written);
    expect(message).toMatch(/✖ an absolute path.*\n.*cni\.directory/);
    expect(message).toMatch(/✖ an absolute path.*\n.*cni\.binaries/);
  });

  test("something that is no inventory", () => {
    const settings = { ...good, nodes: null as never };
    expect(() => read(settings)).toThrow("inventory: 1 problem");
  });
});

describe("flat", () => {
  test("two segments, a NIC not named, an address outside", () => {
    const message = refusal({ ...flat, nodes: twoSegments });
    expect(message).toContain("a flat network is one segment, and the nodes are in a, b");
    expect(message).toContain("the NIC of node1 that moves into the bridge is not named");
    expect(message).toContain("node3's address 198.18.4.11 is not in podCidr 198.18.0.0/22");
  });

  test.each<[string, Written["flat"], string]>([
    ["no gateway", { pool: "198.18.3.0/24" }, "pods in 198.18.0.0/22 have no default gateway"],
    [
      "a gateway elsewhere",
      { gateway: "198.18.9.1", pool: "198.18.3.0/24" },
      "the gateway 198.18.9.1 is not in podCidr",
    ],
    ["no source of addresses", { gateway: "198.18.0.1" }, "give either flat.pool and flat.ranges"],
    [
      "a pool with nodes in it",
      { gateway: "198.18.0.1", pool: "198.18.0.0/24" },
      "holds 198.18.0.11, which is node1's own address",
    ],
    [
      "a pool with the gateway in it",
      { gateway: "198.18.3.1", pool: "198.18.3.0/24" },
      "holds 198.18.3.1, which is the gateway's address",
    ],
    ["a pool elsewhere", { gateway: "198.18.0.1", pool: "198.18.8.0/24" }, "is not in podCidr 198.18.0.0/22"],
    [
      "ranges that meet, and one that nobody has",
      {
        gateway: "198.18.0.1",
        ranges: {
          node1: { start: "198.18.1.0", end: "198.18.1.100" },
          node3: { start: "198.18.1.100", end: "198.18.1.200" },
        },
      },
      "node3's range 198.18.1.100 to 198.18.1.200 meets node1's 198.18.1.0 to 198.18.1.100",
    ],
    [
      "a node without range",
      { gateway: "198.18.0.1", ranges: { node1: { start: "198.18.1.0", end: "198.18.1.9" } } },
      "node2 has no range",
    ],
    [
      "a range of a node that is not there",
      { gateway: "198.18.0.1", ranges: { node9: { start: "198.18.1.0", end: "198.18.1.9" } } },
      "there is no node node9",
    ],
    [
      "a range that ends before it begins",
      { gateway: "198.18.0.1", ranges: { node1: { start: "198.18.1.9", end: "198.18.1.0" } } },
      "ends before it begins",
    ],
    [
      "a range with the network's own address",
      { gateway: "198.18.0.1", ranges: { node1: { start: "198.18.0.0", end: "198.18.0.0" } } },
      "holds 198.18.0.0, which is the network's own address",
    ],
    [
      "a range with the broadcast address",
      { gateway: "198.18.0.1", ranges: { node1: { start: "198.18.3.0", end: "198.18.3.255" } } },
      "holds 198.18.3.255, which is the network's broadcast address",
    ],
    ["DHCP and a pool", { ipam: "dhcp", pool: "198.18.3.0/24" }, "the DHCP server decides, and flat.pool is set"],
  ])("%s", (_, change, message) => {
    expect(refusal({ ...flat, flat: change })).toContain(message);
  });

  test("a family of podCidr that no pool or range serves, without which no pod starts", () => {
    const nodes = structuredClone(rack);
    nodes.segments = { a: { subnets: ["198.18.0.0/22", "fd98:0:a::/64"] } };
    for (const [name, node] of Object.entries(nodes.nodes))
      node.addresses = [node.connection.host, `fd98:0:a::${name.slice(-1)}1`];
    const dual: Written = { ...flat, nodes, podCidr: ["198.18.0.0/22", "fd98:0:a::/64"] };
    const gateway = ["198.18.0.1", "fd98:0:a::1"];
    expect(refusal({ ...dual, flat: { gateway, pool: "198.18.3.0/24" } })).toMatch(
      /^BridgeNetwork "pods": 1 problem\n✖ flat\.pool has no range in fd98:0:a::\/64/,
    );
    const four = (part: number) => ({ start: `198.18.${part}.10`, end: `198.18.${part}.20` });
    const six = { start: "fd98:0:a::1:10", end: "fd98:0:a::1:20" };
    expect(refusal({ ...dual, flat: { gateway, ranges: { node1: [four(1), six], node2: four(2) } } })).toMatch(
      /^BridgeNetwork "pods": 1 problem\n✖ node2 has no range in fd98:0:a::\/64/,
    );
    expect(() => read({ ...dual, flat: { gateway, pool: ["198.18.3.0/24", "fd98:0:a::1:0/112"] } })).not.toThrow();
  });

  test("router advertisements, which the CNI plugin keeps the bridge from receiving", () => {
    expect(refusal({ ...flat, routerAdvertisements: true })).toContain("give the nodes a static IPv6 default route");
  });

  test("what would be ignored is refused: a prefix of nothing, exceptions from no translation", () => {
    expect(refusal({ ...good, nodePrefix: { ipv6: 64 } })).toContain(
      "no ipv6 range is split among the nodes, and nodePrefix.ipv6 is set",
    );
    const message = refusal({
      ...flat,
      nodePrefix: { ipv4: 28 },
      masquerade: { except: "10.0.0.0/8" },
      flat: { ipam: "dhcp" },
    });
    expect(message).toContain("no ipv4 range is split among the nodes, and nodePrefix.ipv4 is set");
    expect(message).toContain("packets of a flat network are never translated");
  });

  test("flat settings in a routed network would be ignored, and are refused", () => {
    expect(refusal({ ...good, flat: { gateway: "198.18.0.1" } })).toContain("flat is set, and the shape is routed");
  });

  test("as it should be", () => {
    expect(() => read(flat)).not.toThrow();
  });
});
