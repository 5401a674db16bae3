import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeState } from "../../../components/node/state";
import { hosts } from "../../../components/openvswitch/host";
import { casesIn, golden } from "../golden";
import { rack, read, type Written } from "./read";

test.each(casesIn<Written>(join(__dirname, "cases")))("$name: settings in, the nodes' states out", (one) => {
  const states = hosts(read(one.settings));
  for (const state of Object.values(states)) expect(nodeState.safeParse(state).error).toBeUndefined();
  const { got, expected } = golden(
    one,
    Object.entries(states).map(([node, state]) => ({ node, ...state })),
  );
  expect(got).toBe(expected);
});

const tunnelled = (tunnels: NonNullable<Written["bridges"][string]["tunnels"]>): Written => ({
  nodes: rack,
  bridges: { br0: { tunnels } },
});
const endsOn = (written: Written, node: string) =>
  hosts(read(written))[node]?.openvswitch?.flatMap((row) =>
    row.table === "interface" && row.type !== "internal"
      ? [`${row.options?.local_ip} > ${row.options?.remote_ip}`]
      : [],
  );
const protectedPorts = (written: Written, node: string) =>
  hosts(read(written))[node]?.openvswitch?.filter((row) => row.table === "port" && row.protected).length;

test("a mesh has a tunnel from each node to each, and forwards from none of them to another", () => {
  const mesh = tunnelled({ vx: { protocol: "vxlan" } });
  expect(endsOn(mesh, "node2")).toEqual(["198.18.0.12 > 198.18.0.11", "198.18.0.12 > 198.18.0.13"]);
  expect(protectedPorts(mesh, "node2")).toBe(2);
});

test("a star's hub reaches all and passes on what they send each other; the others reach the hub alone", () => {
  const star = tunnelled({ vx: { protocol: "vxlan", topology: "star", hub: "node1" } });
  expect(endsOn(star, "node1")).toEqual(["198.18.0.11 > 198.18.0.12", "198.18.0.11 > 198.18.0.13"]);
  expect(endsOn(star, "node3")).toEqual(["198.18.0.13 > 198.18.0.11"]);
  expect(protectedPorts(star, "node1")).toBe(0);
});

test("a node that joins changes no port of the others", () => {
  const [two, three] = [2, 3].map((count) => {
    const nodes = Object.fromEntries(Object.entries(rack.nodes).slice(0, count));
    return hosts(read({ ...tunnelled({ vx: { protocol: "vxlan" } }), nodes: { ...rack, nodes } })).node1?.openvswitch;
  });
  expect(three).toEqual(expect.arrayContaining(two as object[]));
  expect(three).toHaveLength((two ?? []).length + 2);
});

test("a bridge's own device sends what the smallest NIC carries beside the tunnel", () => {
  const mtuOf = (protocol: "vxlan" | "geneve" | "gre") =>
    hosts(read(tunnelled({ vx: { protocol } }))).node1?.openvswitch?.flatMap((row) =>
      row.table === "interface" && row.name === "br0" ? [row.mtu_request] : [],
    )[0];
  expect([mtuOf("vxlan"), mtuOf("geneve"), mtuOf("gre")]).toEqual([1450, 1450, 1458]);
});

test("frames of VLANs have their tag in the tunnel, unless the tunnel is of one VLAN", () => {
  const lan = { lan10: { type: "internal", tag: 10 } } as const;
  const mtuOf = (tunnel: object, ports = {}) =>
    hosts(read({ nodes: rack, bridges: { br0: { ports, tunnels: { g: { protocol: "geneve", ...tunnel } } } } }))
      .node1?.openvswitch?.flatMap((row) => (row.table === "interface" && row.mtu_request) || [])
      .sort();
  expect(mtuOf({}, lan)).toEqual([1446, 1446]);
  expect(mtuOf({ tag: 10 }, lan)).toEqual([1450, 1450]);
  expect(mtuOf({ trunks: [10, 20] })).toEqual([1446]);
});

test("in user space the host's own stack gets nothing from NICs in bridges; the kernel's datapath needs no such rule", () => {
  const written = (datapath: "netdev" | "system"): Written => ({
    nodes: rack,
    datapath,
    bridges: { "br-ex": { uplink: true }, br1: { ports: { eth1: { type: "nic" }, lan: { type: "internal" } } } },
  });
  const tables = hosts(read(written("netdev"))).node1?.nftables ?? [];
  expect(tables.map(({ family, table }) => `${family} ${table}`)).toEqual(["netdev podnet-eth0", "netdev podnet-eth1"]);
  expect(tables[1]?.ruleset).toContain('ingress device "eth1" priority 0; policy drop');
  expect(hosts(read(written("system"))).node1?.nftables).toEqual([]);
});
