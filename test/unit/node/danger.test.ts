import { describe, expect, test } from "vitest";
import type { Facts } from "../../../components/node/facts";
import { plan } from "../../../components/node/plan";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { facts, planFor } from "./one-nic";

describe("what can cut a node off is confirmed over a new connection", () => {
  const flat: NodeStateInput = {
    links: [{ type: "bridge", name: "br0", macFrom: "eth0" }],
    uplinks: [{ device: "eth0", bridge: "br0" }],
  };
  const program = { sha256: "0".repeat(64), url: "http://192.0.2.1/program" };
  const cutting: [string, NodeStateInput][] = [
    ["the NIC moved into a bridge", flat],
    ["the NIC's MTU", { links: [{ type: "device", name: "eth0", mtu: 1400 }] }],
    ["another default route", { routes: [{ to: "default", via: "198.18.0.9" }] }],
    ["a route over a connected subnet", { routes: [{ to: "198.18.0.0/22", via: "198.18.0.9" }] }],
    ["an address whose subnet is the NIC's", { addresses: [{ device: "br0", address: "198.18.0.77/22" }] }],
    ["a rule", { rules: [{ priority: 100, from: "10.0.0.0/8", table: 100 }] }],
    ["a packet filter", { nftables: [{ family: "inet", table: "x", ruleset: "chain c {}" }] }],
    ["forwarding", { sysctls: { "net.ipv4.ip_forward": "1" } }],
    ["replies over another way", { sysctls: { "net.ipv4.conf.all.rp_filter": "1" } }],
    ["a program in the place of a login's file", { artifacts: [{ path: "/etc/pam.d/sshd", ...program }] }],
    ["a directory that sshd wants to be its user's", { directories: [{ path: "/root/.ssh", mode: "0777" }] }],
  ];
  test.each(cutting)("%s", (_, state) => expect(planFor(state).dangers).not.toEqual([]));

  test.each([
    "/etc/ssh/sshd_config.d/x.conf",
    "/root/.ssh/authorized_keys",
    "/home/admin/.ssh/authorized_keys2",
    "/etc/passwd",
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/security/access.conf",
    "/etc/nologin",
    "/etc/sudoers.d/admin",
  ])("the file %s, which decides who may log in", (path) =>
    expect(planFor({ files: [{ path, content: "" }] }).dangers).toContain(`file ${path}: it decides who may log in`),
  );

  test.each([
    "ssh.service",
    "sshd.socket",
    "networking.service",
    "systemd-networkd.service",
    "NetworkManager.service",
    "openvswitch-switch.service",
    "ovs-vswitchd.service",
    "netfilter-persistent.service",
    "iptables.service",
    "ip6tables.service",
    "nftables.service",
    "firewalld.service",
    "ufw.service",
    "dhcpcd.service",
    "frr.service",
    "bird.service",
    "wg-quick@wg0.service",
    "wpa_supplicant.service",
  ])("%s stopped, which runs the network", (name) => {
    const on = facts();
    on.units.set(name, { known: true, enabled: true, active: true });
    const { dangers } = planFor({ units: [{ name, enabled: false, active: false }] }, on);
    expect(dangers).toEqual([`unit ${name}: the unit runs the network`]);
  });

  test("an address taken away", () => {
    const addresses = [{ device: "eth0", address: "198.18.0.11/22" }];
    const manifest = {
      ...{ version: 1 as const, owner: "pods", node: "node1", change: "" },
      ...{ state: nodeState.parse({ addresses }), derived: [], origins: [] },
    };
    const { steps, dangers } = plan({ items: [], manifest, facts: facts(), adopt: false });
    expect(steps).toMatchObject([{ key: "eth0 198.18.0.11/22", to: null }]);
    expect(dangers).toEqual(["address eth0 198.18.0.11/22: the device's addresses change"]);
  });

  const harmless: [string, NodeStateInput][] = [
    ["a program", { artifacts: [{ path: "/opt/cni/bin/bridge", ...program }] }],
    ["a unit of podnet's own", { units: [{ name: "podnet-pods-bird.service", content: "[Install]\n" }] }],
    ["a daemon that carries pods", { units: [{ name: "calico-felix.service", content: "[Install]\n" }] }],
    ["a file", { files: [{ path: "/etc/sysctl.d/90-x.conf", content: "x" }] }],
    ["a bridge that nothing uses", { links: [{ type: "bridge", name: "podnet0" }] }],
    ["a pod subnet's address on it", { addresses: [{ device: "podnet0", address: "10.244.0.1/24" }] }],
    ["a route to a pod subnet", { routes: [{ to: "10.244.1.0/24", via: "198.18.0.12" }] }],
    ["an accept in FORWARD", { iptables: [{ chain: "FORWARD", rule: ["-s", "10.244.0.0/16", "-j", "ACCEPT"] }] }],
    ["a sysctl of the bridge", { sysctls: { "net.bridge.bridge-nf-call-iptables": "1" } }],
  ];
  test.each(harmless)("%s needs no second connection", (_, state) => expect(planFor(state).dangers).toEqual([]));

  test("a NIC takes all its addresses and routes with it, and keeps its hardware address", () => {
    const { steps, resolved } = planFor(flat);
    expect(resolved.problems).toEqual([]);
    expect(steps.map(({ kind, key, to }) => `${to ? "+" : "-"} ${kind} ${key}`)).toEqual([
      "+ link br0",
      "+ link eth0",
      "+ address br0 198.18.0.11/22",
      "+ address br0 fd98::11/64",
      "- address eth0 fd98::11/64",
      "- address eth0 198.18.0.11/22",
      "+ route 0.0.0.0/0 table 254 metric 0",
      "+ route ::/0 table 254 metric 1024",
    ]);
    expect(steps[0]?.to).toMatchObject({ mac: "02:00:00:00:00:aa" });
    expect(steps[6]?.to).toMatchObject({ via: "198.18.0.1", device: "br0", protocol: "boot" });
  });
});

describe("a NIC in a bridge hears no router advertisements any more", () => {
  const nic = "net/ipv6/conf/eth0/disable_ipv6";
  const flat: NodeStateInput = {
    sysctls: { "net.ipv6.conf.all.forwarding": "1" },
    links: [{ type: "bridge", name: "br0", macFrom: "eth0" }],
    uplinks: [{ device: "eth0", bridge: "br0" }],
  };
  const learned = {
    device: "eth0",
    address: "fd98::aa/64",
    broadcast: null,
    peer: null,
    scope: "global",
    dynamic: true,
  };
  const slaac = (): Facts => {
    const on = facts();
    on.sysctls.set(nic, "0").set("net/ipv6/conf/eth0/accept_ra", "1").set("net/ipv6/conf/all/forwarding", "0");
    on.addresses.push(learned);
    return on;
  };

  test("an address that it learned from them ends with its IPv6, once its addresses have left, and comes back before they do", () => {
    const { steps, undo, resolved } = planFor(flat, slaac());
    expect(resolved.problems).toEqual([]);
    const order = (list: typeof steps) => list.map(({ kind, key, to }) => `${to ? "+" : "-"} ${kind} ${key}`);
    const forward = order(steps);
    expect(steps.find(({ key }) => key === nic)?.to).toEqual({ value: "1" });
    expect(forward.indexOf(`+ sysctl ${nic}`)).toBeGreaterThan(forward.indexOf("- address eth0 fd98::11/64"));
    expect(undo.find(({ key }) => key === nic)?.to).toEqual({ value: "0" });
    const back = order(undo);
    expect(back.indexOf(`+ sysctl ${nic}`)).toBeLessThan(back.indexOf("+ address eth0 fd98::11/64"));
  });

  test("a default route, or the node's own address, that came by them is refused", () => {
    const on = slaac();
    for (const route of on.routes) if (route.to === "::/0") Object.assign(route, { protocol: "ra", via: "fe80::1" });
    const uplinks = [{ device: "eth0", bridge: "br0", addresses: ["fd98::aa"] }];
    const way = "and a bridge of pods receives none: give the node a static IPv6 address and default route first";
    expect(planFor({ ...flat, uplinks }, on).resolved.problems).toEqual([
      `uplinks: fd98::aa/64 on eth0 comes from router advertisements, ${way}`,
      `uplinks: the IPv6 default route of eth0 comes from router advertisements, ${way}`,
    ]);
  });

  test("a kernel without IPv6 is asked for none", () => {
    expect(planFor({ ...flat, sysctls: {} }).steps.filter(({ kind }) => kind === "sysctl")).toEqual([]);
  });
});
