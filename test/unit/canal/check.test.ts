import { describe, expect, test } from "vitest";
import { felixAgent, twoSegments } from "../calico/read";
import { read, refusal, type Written, warnings } from "./read";

test("every problem at once, of both halves, each at its own place", () => {
  const message = refusal({
    podCIDR: "10.0.0.0/8",
    podCidr: "10.96.0.0/12",
    serviceCidr: "10.96.0.0/16",
    mtu: 1480,
    flannel: { version: "0.20.0" },
    globalPolicies: { web: { selector: "role = 'web'", ingress: [] } },
  } as Written);
  expect(message).toContain('unknown option "podCIDR"; did you mean "podCidr"?');
  expect(message).toContain("podCidr 10.96.0.0/12 overlaps serviceCidr 10.96.0.0/16");
  expect(message).toContain("packets of 1480 bytes and 50 of vxlan do not fit an underlay of 1500");
  expect(message).toContain("at flannel.version");
  expect(message).toContain("did you mean ==?");
  expect(message).toMatch(/^CanalNetwork "pods": \d+ problems\n/);
});

describe("flannel's half", () => {
  test.each<[string, Written, string]>([
    [
      "an option of another backend",
      { backend: { type: "host-gw", vni: 1 } as never },
      'backend host-gw has no option "vni"',
    ],
    ["host-gw across segments", { nodes: twoSegments, backend: { type: "host-gw" } }, "nodes of its own segment only"],
    [
      "IPv6 by a backend without it",
      { podCidr: ["10.244.0.0/16", "fd00::/48"], backend: { type: "ipip" } },
      "backend ipip has no ipv6",
    ],
    [
      "blackhole routes of an old release",
      { flannel: { version: "0.27.0", blackholeRoute: true } },
      "needs flannel 0.28.1",
    ],
    ["nftables of an old release", { dataplane: "nftables", flannel: { version: "0.24.4" } }, "at dataplane"],
    ["SSH settings without an inventory", { openPorts: true }, "openPorts changes nodes, and there are none"],
    ["two ways to find a NIC", { iface: { names: "eth0", canReach: "192.0.2.1" } }, "keep one"],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });
});

describe("Calico's half", () => {
  const etcd: Written["datastore"] = { type: "etcd", endpoints: ["http://192.0.2.5:2379"] };
  test.each<[string, Written, string]>([
    [
      "nftables of an old release",
      { version: "v3.28.5", dataplane: "nftables" },
      "Felix's nftables dataplane came with v3.29",
    ],
    ["more Typhas than nodes", { nodes: twoSegments, typha: { replicas: 4 } }, "there are fewer nodes (3)"],
    ["a policy that decides nothing", { globalPolicies: { p: {} } }, "has neither ingress nor egress"],
    ["a failsafe list without SSH", { felix: { failsafe: { inbound: "tcp/6443" } } }, "tcp/22 could be closed"],
    [
      "host endpoints by controllers that do not run",
      { agent: felixAgent, autoHostEndpoints: true },
      "does not run with the felix agent",
    ],
    ["Felix alone with etcd", { agent: felixAgent, datastore: etcd }, "prepared through the Kubernetes API"],
    [
      "TLS without certificates",
      { datastore: { type: "etcd", endpoints: ["https://192.0.2.5:2379"] } },
      "no Secret with its certificates",
    ],
    [
      "IPv6 in etcd",
      { datastore: etcd, podCidr: ["10.244.0.0/16", "fd00::/48"] },
      "takes one IPv4 subnet of flannel's",
    ],
    [
      "a range for less than four leases",
      { datastore: etcd, podCidr: "10.244.0.0/24", nodePrefix: { ipv4: 24 } },
      "has none for subnets of /24",
    ],
    [
      "a key for everybody to read",
      { datastore: etcd, backend: { type: "ipsec", psk: "k".repeat(96) } },
      "for everybody to read",
    ],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });
});

test("a host endpoint does not close the tunnel that packets of pods come by", () => {
  const hostEndpoints = { h: { node: "node1", interfaceName: "eth0" } };
  const message = refusal({ hostEndpoints });
  expect(message).toContain("at felix.failsafe.inbound");
  expect(message).toContain("at felix.failsafe.outbound");
  expect(message).toContain("udp/8472 could be closed by a policy: vxlan of flannel");
  const { inbound, outbound } = read({}).felix.failsafe;
  const failsafe = { inbound: [...inbound, "udp/8472"], outbound: [...outbound, "udp/8472"] };
  expect(warnings({ hostEndpoints, felix: { failsafe } })).toEqual([]);
  expect(() => read({ hostEndpoints, backend: { type: "host-gw" } })).not.toThrow();
  expect(warnings({ hostEndpoints, backend: { type: "ipip" } }).join()).toContain("decides over IP protocol 4");
  expect(warnings({ autoHostEndpoints: true }).join()).toContain("decides over udp/8472");
});

test("what is the user's to judge", () => {
  expect(warnings({ backend: { type: "udp" } }).join()).toContain("backend udp is for debugging");
  expect(warnings({ felix: { chainInsertMode: "Append" } }).join()).toContain("passes by every policy");
  expect(warnings({})).toEqual([]);
});

test("defaults that depend on other settings", () => {
  const nodes = structuredClone(twoSegments);
  for (const node of Object.values(nodes.nodes)) Object.assign(node, { mtu: 9000, nic: "eth1" });
  expect(read({ nodes })).toMatchObject({
    mtu: 8950,
    underlayMtu: 9000,
    iface: { names: ["eth1"] },
    typha: { replicas: 0 },
  });
  expect(read({ nodeCount: 50 }).typha.replicas).toBe(3);
});
