import { describe, expect, test } from "vitest";
import { flat, good, read, refusal, twoSegments, type Written, warnings } from "./read";

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
