import { describe, expect, test } from "vitest";
import { problems, rack, refusal, type Written, warnings } from "./read";

test("every problem at once", () => {
  const message = problems({
    legacy: false,
    images: { netplugin: "contiv/netplugin:1.2.0" },
    forwarding: "bridge",
    podCIDR: "x",
    bgp: { node9: { routerAddress: "50.1.1.1/24", as: 1, neighbor: "50.1.1.2", neighborAs: 2 } },
    serviceCidr: "20.1.0.0/20",
    vpp: {},
  } as Written);
  for (const part of [
    'unknown option "podCIDR"; did you mean "podCidr"?',
    "Contiv has had no release since 2019",
    "Contiv 1.0 to 1.2 refuse the network namespaces of containerd and CRI-O",
    "Contiv does not bridge over VXLAN",
    "netplugin speaks BGP with forwarding routing over vlan",
    "there is no node node9",
    "podCidr 20.1.0.0/16 overlaps serviceCidr 20.1.0.0/20",
    'vpp is set, and the mode is "kubernetes"',
  ])
    expect(message).toContain(part);
});

const etcd = { type: "etcd", endpoint: "http://198.18.0.5:2379" } as const;
const tenant = (shop: NonNullable<Written["tenants"]>[string]): Written => ({ tenants: { shop } });
const web = { networks: { web: { subnet: "10.1.0.0/16" } } };

describe("what Contiv cannot do is refused at preview", () => {
  test.each<[string, Written, string]>([
    ["VXLAN that is bridged", { forwarding: "bridge" }, "netmaster refuses the two together"],
    ["VLANs without a NIC", { encapsulation: "vlan" }, "VLANs leave a node by a NIC of their own"],
    [
      "the NIC that SSH comes by",
      { encapsulation: "vlan", vlanUplinks: ["eth1", "eth0"] },
      "eth0 is the NIC that node1 is reached by",
    ],
    ["no image", { images: {} }, "no published image works with containerd or CRI-O"],
    ["no nodes", { nodes: undefined }, "netmaster is asked from a node"],
    ["an address of a service outside of them", { netmaster: { clusterIp: "10.200.0.1" } }, "lies in 10.96.0.0/12"],
    [
      "two services of one address",
      { netmaster: { clusterIp: "10.96.232.136" } },
      "etcd and netmaster have one address",
    ],
    ["a gateway elsewhere", { gateway: "20.2.0.1" }, "each range of podCidr has one gateway"],
    ["two IPv4 ranges", { podCidr: ["20.1.0.0/16", "20.2.0.0/16"] }, "at most one IPv6 range beside it"],
    ["no IPv4", { podCidr: "fd00::/64" }, "podCidr is one IPv4 range"],
    [
      "hosts in the pods' range",
      { infraNetwork: { subnet: "20.1.1.0/24" } },
      "overlaps otherRanges.infraNetwork 20.1.1.0/24",
    ],
    [
      "ACI over VXLAN",
      { aci: { url: "https://a", username: "a", password: "p", leafNodes: ["n"], physicalDomain: "d" } },
      "ACI takes VLANs",
    ],
    [
      "ACI without a password",
      {
        encapsulation: "vlan",
        vlanUplinks: ["eth1"],
        aci: { url: "https://a", username: "a", leafNodes: ["n"], physicalDomain: "d" },
      },
      "by a password or by a certificate",
    ],
    [
      "contracts without ACI",
      tenant({ ...web, contracts: { a: { type: "provided", contracts: ["c"] } } }),
      "contracts and applications stand in ACI",
    ],
    ["hosts without netmaster", { mode: "docker", store: etcd }, "runs netmaster on nodes, and none is named"],
    [
      "hosts without a store",
      { mode: "swarm", hosts: { netmasters: ["node1"] } },
      "podnet runs an etcd for Contiv in Kubernetes alone",
    ],
    [
      "a netmaster on no node",
      { mode: "mesos", store: etcd, hosts: { netmasters: ["node7"] } },
      "there is no node node7",
    ],
    ["Contiv-VPP with VLANs", { mode: "vpp", encapsulation: "vlan" }, 'encapsulation is set, and the mode is "vpp"'],
    [
      "figures for Prometheus of programs that are no pods",
      { mode: "docker", store: etcd, hosts: { netmasters: ["node1"] }, exporters: true },
      'exporters is set, and the mode is "docker"',
    ],
    ["Contiv-VPP with tenants", { mode: "vpp", tenants: { shop: web } }, 'tenants is set, and the mode is "vpp"'],
    [
      "Contiv-VPP on the NIC that SSH comes by",
      { mode: "vpp", vpp: { nics: { node1: { pci: "0000:00:08.0", device: "eth0" } } } },
      "VPP would take it",
    ],
    ["parts of nodes as large as the whole", { mode: "vpp", vpp: { nodePrefix: 16 } }, "is longer than /16"],
  ])("%s", (_, written, message) => {
    expect(problems(written)).toContain(message);
  });
});

describe("what netmaster would refuse half-way is refused at preview", () => {
  test.each<[string, Written, string]>([
    [
      "two networks of one range",
      tenant({ networks: { a: { subnet: "10.1.0.0/16" }, b: { subnet: "10.1.2.10-10.1.2.20/24" } } }),
      "in one tenant",
    ],
    [
      "a network of the tenant default in the pods' range",
      { tenants: { default: { networks: { a: { subnet: "20.1.5.0/24" } } } } },
      "overlaps podCidr 20.1.0.0/16, in one tenant",
    ],
    [
      "the pods' network said twice",
      { tenants: { default: { networks: { "default-net": { subnet: "10.9.0.0/16" } } } } },
      "is made from podCidr and gateway",
    ],
    [
      "a group with a network's name",
      tenant({ ...web, groups: { web: { network: "web" } } }),
      "no group with the name of a network",
    ],
    ["a group in no network", tenant({ groups: { a: { network: "none" } } }), "tenant shop has no network none"],
    [
      "a policy that is not there",
      tenant({ ...web, groups: { a: { network: "web", policies: ["p"] } } }),
      "tenant shop has no policy p",
    ],
    [
      "a gateway outside",
      tenant({ networks: { web: { subnet: "10.1.0.0/16", gateway: "10.2.0.1" } } }),
      "the gateway is not in 10.1.0.0/16",
    ],
    [
      "a VLAN that is none",
      tenant({ networks: { web: { subnet: "10.1.0.0/16", encapsulation: "vlan", tag: 5000 } } }),
      "a VLAN is 1 to 4094",
    ],
    [
      "a rule with both ends",
      tenant({
        ...web,
        policies: { p: { rules: { 1: { direction: "in", to: { network: "web" }, action: "deny" } } } },
      }),
      'a rule of direction in has no "to"',
    ],
    [
      "a rule with a network and an address",
      tenant({
        ...web,
        policies: {
          p: { rules: { 1: { direction: "out", to: { network: "web", address: "10.0.0.1" }, action: "deny" } } },
        },
      }),
      "a network is said alone",
    ],
    [
      "a rule about a group that is not there",
      tenant({ ...web, policies: { p: { rules: { 1: { direction: "in", from: { group: "g" }, action: "deny" } } } } }),
      "tenant shop has no group g",
    ],
  ])("%s", (_, written, message) => {
    expect(problems(written)).toContain(message);
  });
});

describe("what is the user's to judge", () => {
  test("that it is dead is said once, and that a NetworkPolicy does nothing", () => {
    const said = warnings({ nodes: rack });
    expect(said.filter((one) => one.startsWith("Contiv is legacy"))).toHaveLength(1);
    expect(said).toContainEqual(expect.stringContaining("Contiv does nothing with a NetworkPolicy"));
    expect(said).toContainEqual(expect.stringContaining("netmaster answers everybody who reaches port 9999"));
    expect(said).toContainEqual(expect.stringContaining("somebody's public range"));
    expect(said).toContainEqual(expect.stringContaining("store.node is not said"));
  });

  test("Contiv-VPP enforces NetworkPolicy, and wants the kubelet started again", () => {
    const said = warnings({ nodes: rack, mode: "vpp" });
    expect(said.filter((one) => one.startsWith("Contiv-VPP is legacy"))).toHaveLength(1);
    expect(said.join()).not.toContain("NetworkPolicy");
    expect(said).toContainEqual(expect.stringContaining("the kubelet counts huge pages at its start"));
  });

  test("routing over VLANs without a neighbour", () => {
    const said = warnings({ nodes: rack, encapsulation: "vlan", vlanUplinks: ["eth1"] });
    expect(said).toContainEqual(expect.stringContaining("nobody outside of a node learns where its pods are"));
  });
});

test("a key that is refused is not shown", () => {
  const aci = { url: "https://a", username: "a", password: 7 as never, leafNodes: ["n"], physicalDomain: "d" };
  expect(refusal({ nodes: rack, aci })).not.toContain("→ at aci.password, value");
});
