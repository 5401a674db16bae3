import { describe, expect, test } from "vitest";
import { rack, read, refusal, type Written, warnings } from "./read";

test("every problem at once, each at its own place", () => {
  const message = refusal({
    podCIDR: "10.0.0.0/8",
    podCidr: "10.96.0.0/12",
    serviceCidr: "10.96.0.0/16",
    edition: "weaveworks",
    version: "2.9.0",
    trustedSubnets: "192.0.2.0/24",
    underlayMtu: 1500,
    mtu: 1480,
    openPorts: true,
  } as Written);
  expect(message).toContain('unknown option "podCIDR"; did you mean "podCidr"?');
  expect(message).toContain("podCidr 10.96.0.0/12 overlaps serviceCidr 10.96.0.0/16");
  expect(message).toContain("the original of Weave Net is archived, and gets no fixes");
  expect(message).toContain("2.8.1 was the last release of weaveworks");
  expect(message).toContain("without a password none is");
  expect(message).toContain("packets of 1480 bytes and 87 of fastdp do not fit an underlay of 1500");
  expect(message).toContain("openPorts changes nodes, and there are none");
  expect(message).toMatch(/^WeaveNetwork "pods": 7 problems\n/);
});

describe("what is refused", () => {
  test.each<[string, Written, string]>([
    ["IPv6", { podCidr: ["10.32.0.0/12", "fd00::/48"] }, "one IPv4 range, and no IPv6"],
    ["another range of kube-proxy", { clusterCidr: "10.244.0.0/16" }, "give kube-proxy --cluster-cidr=10.32.0.0/12"],
    [
      "a range in which nodes are",
      { nodes: rack(2), podCidr: "198.18.0.0/16" },
      "podCidr 198.18.0.0/16 overlaps segment a 198.18.0.0/20",
    ],
    [
      "a range that hosts have a route into",
      { otherRanges: { "the hosts' VPN": "10.40.0.0/16" } },
      "podCidr 10.32.0.0/12 overlaps otherRanges.the hosts' VPN 10.40.0.0/16",
    ],
    ["the fork's rules in legacy iptables", { iptablesBackend: "legacy" }, "writes its rules by nft whatever"],
    ["a release of the other edition", { version: "2.8.1" }, 'say edition: "weaveworks"'],
    ["a limit below the nodes", { nodeCount: 300, connectionLimit: 200 }, "from the 202nd node on none can join"],
    ["encryption that is none", { transport: { type: "awsvpc" }, password: "p" }, "carries pods' packets as they are"],
    ["an address of the bridge for many", { nodeCount: 2, exposeAddress: "10.32.0.1" }, "would have the one address"],
    ["an address outside", { exposeAddress: "10.96.0.1" }, "no address of podCidr 10.32.0.0/12"],
    ["hosts without nodes", { mode: "docker" }, 'mode "docker" runs Weave on nodes, and there are none'],
    ["Mesos without a word", { mode: "mesos", nodes: rack(1) }, "say legacy: true"],
    ["what is only Kubernetes'", { mode: "docker", nodes: rack(1), kubernetes: {} }, 'the mode is "docker"'],
    [
      "an address on the bridge, which hosts have by another setting",
      { mode: "docker", nodes: rack(1), exposeAddress: "10.32.0.9" },
      "say hosts.expose for each node",
    ],
    [
      "a folder that Weave on hosts does not write to",
      { mode: "docker", nodes: rack(1), dataDirectory: "/srv" },
      "dataDirectory is nothing that Weave on hosts is told",
    ],
    ["what is only of hosts", { hosts: {} }, 'say mode: "docker", or leave hosts out'],
    [
      "WeaveDNS for Mesos",
      { mode: "mesos", legacy: true, nodes: rack(1), hosts: { dns: { enabled: true } } },
      "for containers of Docker",
    ],
    [
      "a subnet outside of the range",
      { mode: "docker", nodes: rack(1), hosts: { defaultSubnet: "10.96.0.0/24" } },
      "10.96.0.0/24 is no part of podCidr",
    ],
    [
      "an address for a node that is none",
      { mode: "docker", nodes: rack(1), hosts: { expose: { node9: "10.32.0.1" } } },
      "there is no node node9",
    ],
    ["an option that would be two", { extraArguments: ["--x --y"] }, "--no-discovery"],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });

  test("a password that is refused is not shown", () => {
    expect(refusal({ password: "of the door", transport: { type: "awsvpc" } })).not.toContain("of the door");
  });
});

describe("what is the user's to judge", () => {
  test("upstream's state is said once, of each edition", () => {
    expect(warnings({})).toEqual([expect.stringContaining("one maintainer")]);
    expect(warnings({ edition: "weaveworks", legacy: true })).toEqual([expect.stringContaining("archived")]);
    expect(warnings({ mode: "mesos", legacy: true, nodes: rack(1) })).toEqual([expect.stringContaining("Mesos")]);
  });

  test("awsvpc needs rights, and routes that a table takes", () => {
    const said = warnings({ transport: { type: "awsvpc" }, nodeCount: 60 }).join("\n");
    expect(said).toContain("ec2:CreateRoute");
    expect(said).toContain("60 nodes have at least as many routes");
  });

  test("sleeve is slow", () => {
    expect(warnings({ transport: { type: "sleeve" } }).join()).toContain("every packet goes through weaver");
  });
});

describe("defaults that depend on other settings", () => {
  test.each<[string, Written, number]>([
    ["nothing is known", {}, 1376],
    ["NICs of 1500", { nodes: rack(2) }, 1413],
    ["jumbo frames", { underlayMtu: 9001 }, 8914],
    ["no overlay", { underlayMtu: 9001, transport: { type: "awsvpc" } }, 9001],
  ])("pods' packets leave room where %s", (_, written, mtu) => {
    expect(read(written).mtu).toBe(mtu);
  });

  test.each([
    [1, 200],
    [199, 200],
    [200, 300],
    [250, 300],
    [300, 400],
  ])("with %i nodes a peer takes %i connections", (nodeCount, limit) => {
    expect(read({ nodeCount }).connectionLimit).toBe(limit);
    expect(limit).toBeGreaterThan(nodeCount - 1);
  });

  test("hosts ask the first three, however many there are", () => {
    const peers = ["198.18.0.11", "198.18.0.12", "198.18.0.13"];
    expect(read({ mode: "docker", nodes: rack(40) }).peers).toEqual(peers);
    expect(read({ nodes: rack(40) }).peers).toEqual([]);
  });
});
