import { describe, expect, test } from "vitest";
import { felixAgent, read, refusal, twoSegments, type Written, warnings } from "./read";

test("every problem at once: unknown option, overlap, MTU, selector, port, peer", () => {
  const message = refusal({
    podCIDR: "10.0.0.0/8",
    podCidr: "10.96.0.0/12",
    serviceCidr: "10.96.0.0/16",
    mtu: 1480,
    bgp: { peers: { tor: { peerIp: "192.0.2.1" } } },
    globalPolicies: { web: { selector: "role = 'web'", ingress: [{ action: "allow", ports: "443" }] } },
  } as Written);
  expect(message).toContain('unknown option "podCIDR"; did you mean "podCidr"?');
  expect(message).toContain("podCidr 10.96.0.0/12 overlaps serviceCidr 10.96.0.0/16");
  expect(message).toContain("packets of 1480 bytes and 50 of VXLAN over ipv4 do not fit a network that carries 1500");
  expect(message).toContain("did you mean ==?");
  expect(message).toContain("did you mean tcp/443?");
  expect(message).toContain("a peer outside of the cluster has an AS number");
  expect(message).toMatch(/^CalicoNetwork "pods": \d+ problems\n/);
});

describe("definitions", () => {
  test("must be named, by what they are", () => {
    expect(refusal({ crds: undefined as never })).toContain("at crds");
    expect(refusal({ crds: { sha256: "abc" } })).toContain("64 hexadecimal digits");
    const sha256 = "a".repeat(64);
    expect(refusal({ crds: { sha256, url: "https://example.com/c", localPath: "c" } })).toContain(
      "either url or localPath",
    );
    expect(() => read({ crds: { sha256 } })).not.toThrow();
  });
});

describe("MTU", () => {
  test.each<[string, Written, number]>([
    ["VXLAN over IPv4", {}, 1450],
    ["VXLAN over IPv6", { podCidr: "fd00::/48" }, 1430],
    ["IPIP", { encapsulation: "IPIP" }, 1480],
    ["no tunnel", { encapsulation: "None" }, 1500],
    ["WireGuard", { encapsulation: "None", wireguard: { enabled: true } }, 1440],
    ["WireGuard over IPv6", { podCidr: "fd00::/48", wireguard: { enabled: true } }, 1420],
    ["jumbo frames", { underlayMtu: 9000 }, 8950],
    [
      "a pool with a tunnel beside one without",
      {
        encapsulation: "None",
        pools: { a: { cidr: "10.244.0.0/17" }, b: { cidr: "10.244.128.0/17", encapsulation: "VXLAN" } },
      },
      1450,
    ],
  ])("%s", (_, written, mtu) => {
    expect(read(written).mtu).toBe(mtu);
    expect(refusal({ ...written, mtu: mtu + 1 })).toContain(`take ${mtu} or less`);
  });

  test("the smallest NIC of the inventory counts", () => {
    const nodes = structuredClone(twoSegments);
    if (nodes.nodes.node2) nodes.nodes.node2.mtu = 1400;
    expect(read({ nodes }).mtu).toBe(1350);
  });

  test("IPv6 needs 1280 bytes", () => {
    expect(refusal({ podCidr: "fd00::/48", underlayMtu: 1340 })).toContain("1270 bytes are less than the 1280");
  });
});

describe("BGP", () => {
  const peer = { peerIp: "192.0.2.1", asNumber: 65000 };
  test.each<[string, Written["bgp"], string]>([
    [
      "off where routes come by it",
      { enabled: false },
      "learn the routes of pools.default-ipv4 (None) by BGP, and it is off",
    ],
    ["nobody to speak to", { nodeToNodeMesh: false }, "nodes speak neither to each other"],
    [
      "a mesh password without a mesh",
      { meshPassword: { secret: "a", key: "b" }, nodeToNodeMesh: false, peers: { tor: peer } },
      "there is no mesh",
    ],
    ["one route reflector", { routeReflectors: { nodes: ["node1"] } }, "when the only route reflector restarts"],
    ["a route reflector that is no node", { routeReflectors: { nodes: ["node1", "node9"] } }, "there is no node node9"],
    [
      "two ways to say who",
      { peers: { tor: { ...peer, node: "node1", nodeSelector: "all()" } } },
      "node and nodeSelector exclude each other",
    ],
    [
      "two other ends",
      { peers: { tor: { ...peer, peerSelector: "all()" } } },
      "peerIp and peerSelector exclude each other",
    ],
    ["no other end", { peers: { tor: { asNumber: 65000 } } }, "the other end is not named"],
    ["a community that is none", { communities: { a: "100" } }, "a BGP community such as"],
  ])("%s", (_, bgp, expected) => {
    expect(refusal({ nodes: twoSegments, encapsulation: "None", ...(bgp && { bgp }) })).toContain(expected);
  });

  test("a full mesh of many nodes is a warning", () => {
    expect(warnings({ encapsulation: "None", nodeCount: 101 }).join()).toContain("above 100 nodes");
    expect(warnings({ encapsulation: "None", nodeCount: 100 })).toEqual([]);
  });
});

describe("ways of installing", () => {
  test.each<[string, Written, string]>([
    [
      "the operator with etcd",
      { install: "operator", datastore: { type: "etcd", endpoints: ["http://192.0.2.5:2379"] } },
      "the operator keeps everything in the Kubernetes API",
    ],
    [
      "the operator with images",
      { install: "operator", images: { node: "a:1" } },
      "the operator chooses images by its own release",
    ],
    [
      "the operator with a CNI configuration elsewhere",
      { install: "operator", cni: { fileName: "05-calico.conflist" } },
      "the operator takes 10-calico.conflist",
    ],
    ["the operator with Typhas", { install: "operator", typha: { replicas: 3 } }, "scales Typha itself"],
    [
      "an operator whose release is not known",
      { install: "operator", version: "v3.31.0" },
      "the operator's release for Calico v3.31.0 is not known here",
    ],
    ["an operator that is none", { operatorVersion: "v1.42.3" }, "there is no operator with install"],
    [
      "policy-only with addresses",
      { install: "policy-only", ipam: "calico-ipam" },
      "knows the nodes' podCIDRs, and no others",
    ],
    [
      "policy-only with BGP",
      { install: "policy-only", bgp: { enabled: true } },
      "with policy-only another network tells routes",
    ],
    ["eBPF without the API server", { dataplane: "bpf" }, "needs the API server's own address"],
    [
      "eBPF's settings without it",
      { felix: { bpf: { externalServiceMode: "DSR" } } },
      "felix.bpf is set, and the dataplane is iptables",
    ],
    [
      "clients to be answered straight by nobody",
      {
        dataplane: "bpf",
        apiServer: { host: "192.0.2.10" },
        felix: { bpf: { dsrOptOutCidrs: "192.0.2.0/24" } },
      },
      'externalServiceMode is "Tunnel"',
    ],
    ["nftables of an old release", { version: "v3.28.5", dataplane: "nftables" }, "came with v3.29"],
    [
      "TLS without certificates",
      { datastore: { type: "etcd", endpoints: ["https://192.0.2.5:2379"] } },
      "no Secret with its certificates",
    ],
    [
      "SSH settings without an inventory",
      { openPorts: true },
      "openPorts changes nodes over SSH, and nodes is not given",
    ],
    ["more Typhas than nodes", { nodes: twoSegments, typha: { replicas: 4 } }, "there are fewer nodes"],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });

  test("the felix agent says what it has not", () => {
    const message = refusal({
      agent: felixAgent,
      encapsulation: "IPIP",
      ipam: "calico-ipam",
      autoHostEndpoints: true,
      wireguard: { enabled: true },
      dataplane: "bpf",
      apiServer: { host: "192.0.2.1" },
    });
    for (const part of [
      "has no BGP",
      "podCIDR",
      "calico-kube-controllers",
      "WireGuard's",
      "without eBPF",
      "nodes is not given",
    ])
      expect(message).toContain(part);
    expect(() => read({ agent: felixAgent, nodes: twoSegments })).not.toThrow();
  });
});

describe("a node's own address", () => {
  test("is looked for in the inventory's subnets, otherwise told by the kubelet", () => {
    expect(read({ nodes: twoSegments }).autodetection.ipv4).toEqual({ cidrs: ["198.18.0.0/22", "198.18.4.0/22"] });
    expect(read({}).autodetection).toEqual({ ipv4: "kubernetes-internal-ip" });
  });

  test("that the method would not find is a problem, and one that it may miss a warning", () => {
    expect(refusal({ nodes: twoSegments, autodetection: { ipv4: { cidrs: "198.18.0.0/22" } } })).toContain(
      "node3 has no ipv4 address in these ranges",
    );
    expect(warnings({ autodetection: { ipv4: "first-found" } }).join()).toContain("takes the first NIC");
  });
});
