import { describe, expect, test } from "vitest";
import { rack, read, refusal, type Written, warnings } from "./read";

const lan = (bridge: Written["bridges"][string], more: Partial<Written> = {}): Written => ({
  nodes: rack,
  bridges: { br0: bridge },
  ...more,
});

test("every problem at once, each with its path and its way out", () => {
  const message = refusal({
    nodes: rack,
    bridges: {
      br0: { uplink: true, nodes: ["node9"], ports: { eth0: { type: "nic", tag: 4096 } } },
      br1: { tunnels: { vx: { protocol: "stt" } }, failMode: "open" as never },
    },
  });
  expect(message).toMatch(/^OpenVSwitch "fabric": \d+ problems\n/);
  expect(message).toContain("bridges.br0.ports.eth0.tag");
  expect(message).toContain("bridges.br1.failMode");
  expect(message).toContain("there is no node node9");
});

describe("refused with the reason", () => {
  test.each<[string, Written, string, string]>([
    [
      "STT",
      lan({ tunnels: { t: { protocol: "stt" } } }),
      "STT needs Open vSwitch's own kernel module",
      "tunnels.t.protocol",
    ],
    [
      "LISP to somewhere",
      lan({ ports: { t0: { type: "tunnel", protocol: "lisp", remote: "192.0.2.1" } } }),
      "LISP needs Open vSwitch's own kernel module",
      'protocol: "geneve" or "vxlan"',
    ],
    [
      "an access port with trunks",
      lan({ ports: { eth1: { type: "nic", tag: 10, trunks: [20] } } }),
      "an access port has one VLAN",
      "native-untagged",
    ],
    [
      "a native mode without its VLAN",
      lan({ ports: { eth1: { type: "nic", vlanMode: "native-tagged" } } }),
      "a port of vlanMode native-tagged needs a VLAN",
      "say tag",
    ],
    [
      "customers' VLANs of a trunk",
      lan({ ports: { eth1: { type: "nic", customerVlans: [5] } } }),
      "only a dot1q-tunnel",
      "dot1q-tunnel",
    ],
    [
      "balance-tcp without LACP",
      lan({ ports: { bond0: { type: "bond", interfaces: ["eth1", "eth2"], mode: "balance-tcp" } } }),
      "balance-tcp needs LACP",
      'lacp: "active"',
    ],
    [
      "two bridges that take one NIC",
      { nodes: rack, bridges: { a: { uplink: true }, b: { uplink: true } } },
      "a and b both take the NIC of node1",
      "patch ports",
    ],
    [
      "a NIC that nobody named",
      lan({ uplink: true }, { nodes: { nodes: { node1: { connection: { host: "192.0.2.1" } } } } }),
      "the NIC of node1 that moves into br0 is not named",
      "say nodes.node1.nic",
    ],
    [
      "a NIC in a bond and by itself",
      lan({
        ports: { eth1: { type: "nic" }, bond0: { type: "bond", interfaces: ["eth1", "eth2"] } },
      }),
      "eth1 is on node1 twice: here and at bridges.br0.ports.eth1",
      "one port of one bridge",
    ],
    [
      "a ring of two meshes",
      lan({ tunnels: { a: { protocol: "vxlan", key: 1 }, b: { protocol: "geneve", key: 1 } } }),
      "several tunnels between the same nodes are a ring",
      'spanningTree: "rstp"',
    ],
    [
      "a ring by the NIC",
      lan({ uplink: true, tunnels: { a: { protocol: "vxlan" } } }),
      "the NIC and a tunnel over it in one bridge are a ring",
      "a bridge of their own",
    ],
    [
      "a star without a middle",
      lan({ tunnels: { a: { protocol: "vxlan", topology: "star" } } }),
      "a star has a node in the middle",
      "say hub: one of node1, node2, node3",
    ],
    [
      "tunnels in user space that begin at no bridge",
      lan({ tunnels: { a: { protocol: "vxlan" } } }, { datapath: "netdev" }),
      "tunnels of node1 begin at an address on one of its bridges",
      "say uplink: true of a bridge",
    ],
    [
      "policing in user space",
      lan({ ports: { eth1: { type: "nic", policing: { rateKbps: 1000 } } } }, { datapath: "netdev" }),
      "policing is the kernel's",
      'datapath: "system"',
    ],
    [
      "equal numbers of fault management",
      lan({ ports: { eth1: { type: "nic", cfm: { mpid: { node1: 1, node2: 1, node3: 3 } } } } }),
      "two nodes have the same number",
      "give each another one",
    ],
    [
      "a mirror to nowhere, of a port that is not there",
      lan({ mirrors: { m: { from: ["eth7"] } } }),
      "br0 has no port eth7",
      "say either outputPort or outputVlan",
    ],
    [
      "a mirror on a node that there is not",
      lan({ mirrors: { m: { all: true, outputVlan: 9, nodes: ["node9"] } } }),
      "there is no node node9",
      "nodes are: node1, node2, node3",
    ],
    [
      "addresses of a port on a node that has no such port",
      lan({ ports: { lan: { type: "internal", nodes: ["node1"], addresses: { node2: "10.9.0.2/24" } } } }),
      "node2 does not have the port lan",
      "add it to bridges.br0.ports.lan.nodes",
    ],
    [
      "a port on a node that has no such bridge",
      lan({ nodes: ["node1"], ports: { eth1: { type: "nic", nodes: ["node1", "node2"] } } }),
      "node2 does not have the bridge br0",
      "add it to bridges.br0.nodes",
    ],
    [
      "a mirror of a port that one of its nodes has not",
      lan({ ports: { eth1: { type: "nic", nodes: ["node1"] } }, mirrors: { m: { from: ["eth1"], outputVlan: 9 } } }),
      "node2 does not have the port eth1",
      "add it to bridges.br0.ports.eth1.nodes",
    ],
    [
      "a cable whose ends do not meet",
      {
        nodes: rack,
        bridges: {
          a: { ports: { p: { type: "patch", peer: "q" } } },
          b: { ports: { q: { type: "patch", peer: "r" } } },
        },
      },
      "q of b is not the other end of p",
      'peer: "p"',
    ],
    [
      "TLS without keys",
      lan({ controllers: { targets: "ssl:192.0.2.9:6653" } }),
      "it speaks TLS, and no keys are named",
      "privateKey",
    ],
    [
      "a target that is none",
      lan({ controllers: { targets: "192.0.2.9" } }),
      "a target is METHOD:ADDRESS:PORT",
      "tcp:",
    ],
  ])("%s", (_, written, rule, fix) => {
    const message = refusal(written);
    expect(message).toContain(rule);
    expect(message).toContain(fix);
  });
});

test("a ring that a spanning tree or a controller closes is taken", () => {
  const tunnels = { a: { protocol: "vxlan", key: 1 }, b: { protocol: "geneve", key: 1 } } as const;
  expect(() => read(lan({ tunnels, spanningTree: "rstp" }))).not.toThrow();
  expect(() => read(lan({ tunnels, controllers: { targets: "tcp:192.0.2.9:6653" } }))).not.toThrow();
});

test("a protected port beside a mesh, whose tunnels are protected too, is told", () => {
  const ports = { lan: { type: "internal", protected: true } } as const;
  expect(warnings(lan({ ports, tunnels: { a: { protocol: "vxlan" } } }))).toEqual([
    expect.stringContaining("bridges.br0.ports.lan: it is protected, as a mesh's tunnels are"),
  ]);
  expect(warnings(lan({ ports, tunnels: { a: { protocol: "vxlan", topology: "star", hub: "node1" } } }))).toEqual([]);
});

test("what is open to everybody, or forwards nothing, is said", () => {
  expect(warnings(lan({ failMode: "secure" }, { managers: ["ptcp:6640", "ptcp:6641:127.0.0.1"] }))).toEqual([
    expect.stringContaining("managers ptcp:6640: whoever reaches this port"),
    expect.stringContaining("bridges.br0: failMode is secure and no controller is named"),
  ]);
});
