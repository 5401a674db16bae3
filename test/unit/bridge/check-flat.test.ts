import { describe, expect, test } from "vitest";
import { flat, good, rack, read, refusal, twoSegments, type Written } from "./read";

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
      node.addresses = [String(node.connection.host), `fd98:0:a::${name.slice(-1)}1`];
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
