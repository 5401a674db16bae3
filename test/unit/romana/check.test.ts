import { describe, expect, test } from "vitest";
import { rack, read, refusal, type Written, warnings } from "./read";

const base: Written = { legacy: true };
const routes = (() => ({})) as never;

test("every problem at once, each at its own place", () => {
  const message = refusal({
    podCIDR: "10.0.0.0/8",
    podCidr: "10.96.0.0/12",
    serviceCidr: "10.96.0.0/16",
    policies: true,
    openPorts: true,
    routing: { type: "nodes" },
    programs: { etcd: { image: "quay.io/coreos/etcd:v3.6.1" } },
  } as Written);
  expect(message).toContain('unknown option "podCIDR"; did you mean "podCidr"?');
  expect(message).toContain("have not been changed since 2018");
  expect(message).toContain("would end and be started again for ever");
  expect(message).toContain("openPorts changes nodes, and there are none");
  expect(message).toContain("the nodes have none that podnet knows");
  expect(message).toContain("etcd's second API, which etcd 3.6 has no more");
  expect(message).toMatch(/^RomanaNetwork "pods": \d+ problems\n/);
});

describe("what is refused", () => {
  test.each<[string, Written, string]>([
    ["programs that are dead without a word", {}, 'say attach: "cni", which keeps Romana\'s addresses and routes'],
    ["IPv6", { ...base, podCidr: ["10.112.0.0/12", "fd00::/48"] }, "one IPv4 range, and no IPv6"],
    ["pods in the range of services", { ...base, podCidr: "10.96.0.0/12" }, "overlaps serviceCidr 10.96.0.0/12"],
    [
      "a network outside",
      { ...base, networks: { one: { cidr: "10.0.0.0/16" } } },
      "10.0.0.0/16 is no part of podCidr 10.112.0.0/12",
    ],
    [
      "networks that meet",
      { ...base, networks: { one: { cidr: "10.112.0.0/16" }, two: { cidr: "10.112.128.0/17" } } },
      "overlaps networks.two.cidr",
    ],
    [
      "a block as large as its network",
      { ...base, networks: { one: { cidr: "10.112.0.0/24", blockMask: 24 } } },
      "a block of /24",
    ],
    [
      "a service's address outside",
      { ...base, programs: { serviceAddresses: { romana: "10.0.0.99" } } },
      "10.0.0.99 is no address of serviceCidr 10.96.0.0/12",
    ],
    [
      "the API server's address",
      { ...base, programs: { serviceAddresses: { etcd: "10.96.0.1" } } },
      "the address of the API server or of DNS",
    ],
    [
      "one address for both",
      { ...base, programs: { serviceAddresses: { etcd: "10.96.0.99" } } },
      "both services have one address",
    ],
    ["services of IPv6 alone", { ...base, serviceCidr: "fd00::/112" }, "no IPv4 range for them"],
    ["policies of today's API", { ...base, policies: true }, "say kubernetesVersion"],
    ["policies of 1.16", { ...base, policies: true, kubernetesVersion: "1.16" }, "which Kubernetes 1.16 took away"],
    ["policies without who enforces them", { attach: "cni", nodes: rack, policies: true }, "leave policies out"],
    ["nodes without nodes", { attach: "cni" }, 'attach "cni" prepares nodes, and there are none'],
    ["programs that do not run", { attach: "cni", nodes: rack, programs: {} }, "none of Romana's runs"],
    ["routes by nobody", { ...base, routing: { type: "routes" } }, "nothing makes the routes"],
    ["routes of two", { ...base, nodes: rack, routing: { type: "agent" }, routes }, 'the routing is "agent"'],
    [
      "an agent that does not run",
      { attach: "cni", nodes: rack, routing: { type: "agent" } },
      "none of Romana's programs runs that would make them",
    ],
    [
      "an agent over a router",
      {
        ...base,
        nodes: {
          segments: { a: { subnets: ["198.18.0.0/22"] }, b: { subnets: ["198.18.4.0/22"] } },
          nodes: { n1: { connection: { host: "198.18.0.11" } }, n2: { connection: { host: "198.18.4.11" } } },
        },
      },
      "inside one segment only, and the nodes are in a, b",
    ],
    [
      "more nodes than subnets",
      { ...base, nodes: rack, podCidr: "10.244.0.0/23", nodePrefix: 24 },
      "3 nodes need 3 subnets of /24, and 10.244.0.0/23 has 2",
    ],
    [
      "a subnet for each of too many",
      { ...base, nodes: rack, nodePrefix: 30 },
      "has 262144 subnets of /30, and Romana is told of each",
    ],
    [
      "blocks larger than a subnet",
      { ...base, nodes: rack, networks: { one: { cidr: "10.112.0.0/12", blockMask: 20 } } },
      "a block of /20 does not fit a node's subnet of /24",
    ],
    [
      "a map of what is not there",
      { ...base, topology: { type: "map", maps: [{ networks: ["lost"], map: [{ groups: [] }] }] } },
      "there is no network lost",
    ],
    [
      "one host twice",
      {
        ...base,
        topology: {
          type: "map",
          maps: [
            {
              networks: ["romana-network"],
              map: [{ hosts: [{ name: "a", ip: "192.0.2.1" }] }, { hosts: [{ name: "a", ip: "192.0.2.2" }] }],
            },
          ],
        },
      },
      "two hosts of one map have the name a",
    ],
    [
      "both hosts and groups",
      { ...base, topology: { type: "map", maps: [{ networks: ["x"], map: [{ hosts: [], groups: [] }] }] } },
      "either groups or hosts",
    ],
    ["groups without room", { ...base, networks: { one: { cidr: "10.112.0.0/28" } } }, "has no block of /29 for each"],
    [
      "an address of pods outside",
      { ...base, nodes: rack, vips: { "a/b": { ip: "10.112.0.9", node: "node1" } } },
      "an address of podCidr",
    ],
    ["an address of nobody", { ...base, nodes: rack, vips: { "a/b": { ip: "198.18.0.99" } } }, "say which: node"],
    [
      "an address of two",
      {
        ...base,
        nodes: rack,
        vips: { "a/b": { ip: "198.18.0.99", node: "node1" }, "a/c": { ip: "198.18.0.99", node: "node2" } },
      },
      "a/b has it already",
    ],
    ["packets larger than the NIC's", { ...base, nodes: rack, mtu: 9000 }, "packets of 9000 bytes do not fit"],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });
});

describe("what is the user's to judge", () => {
  test("upstream's state, and that nothing enforces policy, are said once", () => {
    const said = warnings(base);
    expect(said.filter((one) => one.includes("2018"))).toHaveLength(1);
    expect(said.filter((one) => one.includes("nothing enforces NetworkPolicy"))).toHaveLength(1);
    expect(said.join()).toContain("plain HTTP on port 12379");
    expect(warnings({ attach: "cni", nodes: rack }).join()).toContain("none of Romana's programs runs");
  });

  test("where policies are enforced nobody is told that they are not", () => {
    expect(warnings({ ...base, policies: true, kubernetesVersion: "1.9" }).join()).not.toContain("nothing enforces");
  });
});

describe("defaults that depend on other settings", () => {
  test.each<[string, Written, string]>([
    ["Romana's programs", base, "agent"],
    ["the bridge plugin", { attach: "cni", nodes: rack }, "nodes"],
    ["a cloud's tables", { attach: "cni", nodes: rack, routes }, "routes"],
  ])("with %s routes are made by them", (_, written, type) => {
    expect(read(written).routing.type).toBe(type);
  });

  test("packets are as large as the NICs carry: nothing is put before them", () => {
    const nodes = structuredClone(rack);
    for (const node of Object.values(nodes.nodes)) node.mtu = 9000;
    expect(read({ ...base, nodes }).mtu).toBe(9000);
    expect(read(base).mtu).toBe(1500);
  });
});
