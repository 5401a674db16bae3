import type { NodeStateInput } from "../../../components";

// Words that mean to be more than they are, and where a state may hold them. A unit test holds that no setting of a state
// that is text is left out.

/** What there would be if one were run. */
export const owned = "/opt/owned";
const run = `touch ${owned}`;
export const hostile: Record<string, string> = {
  newline: `x\n${run}\n`,
  "single quote": `x'; ${run}; '`,
  "double quote": `x"; ${run}; "`,
  "command substitution": `$(${run})`,
  backticks: `\`${run}\``,
  semicolon: `; ${run};`,
  "or and pipe": `|| ${run} | ${run} & ${run}`,
  redirection: `> ${owned}`,
  "a here-document's end": `END\nEOF\n${run}\n`,
  braces: `}; ${run}; {`,
  "leading dashes": `-rf --help -- ${owned}`,
  "backslash at the end": `x\\`,
  NUL: `x\0'; ${run}; '`,
  "format specifiers": "%s%n%c\\x00\\n%%",
  unicode: "Ünïcödé – 節点 – 🐧\u200b\u202e",
  "10 kB": "x".repeat(10_000),
  "128 kB with a quote": `${"y".repeat(131_072)}'; ${run}`,
};

const pushed = { path: "/opt/hostile/a", sha256: "0".repeat(64), localPath: "/nowhere/a" };

/** Every setting that is text and reaches a shell, with a hostile value in it; each alone. */
export const places: Record<string, (value: string) => NodeStateInput> = {
  "a module": (value) => ({ modules: [value] }),
  "a sysctl's name": (value) => ({ sysctls: { [`net.ipv4.${value}`]: "1" } }),
  "a sysctl's value": (value) => ({ sysctls: { "net.ipv4.ip_forward": value } }),
  "a directory": (value) => ({ directories: [{ path: `/opt/hostile/${value}` }] }),
  "a file's path": (value) => ({ files: [{ path: `/opt/hostile/${value}`, content: "" }] }),
  "a file's content": (value) => ({ files: [{ path: "/opt/hostile/content", content: value }] }),
  "a file's mode": (value) => ({ files: [{ path: "/opt/hostile/mode", content: "", mode: value }] }),
  "a link": (value) => ({ links: [{ type: "bridge", name: value }] }),
  "a hardware address": (value) => ({ links: [{ type: "bridge", name: "br9", mac: value }] }),
  "the NIC that a bridge has its hardware address of": (value) => ({
    links: [{ type: "bridge", name: "br9", macFrom: value }],
  }),
  "a veth's peer": (value) => ({ links: [{ type: "veth", name: "ve9", peer: value }] }),
  "a tunnel's own end": (value) => ({ links: [{ type: "vxlan", name: "vx9", vni: 9, local: value }] }),
  "a port's bridge": (value) => ({ links: [{ type: "device", name: "eth0", master: value }] }),
  "a tunnel's peer": (value) => ({
    links: [{ type: "vxlan", name: "vx9", vni: 9, local: "198.18.0.9", peers: [{ address: value }] }],
  }),
  "an address": (value) => ({ addresses: [{ device: "lo", address: value }] }),
  "an address's device": (value) => ({ addresses: [{ device: value, address: "198.51.100.1/32" }] }),
  "an uplink": (value) => ({ uplinks: [{ device: value, bridge: value }] }),
  "a route": (value) => ({ routes: [{ to: value, device: "lo" }] }),
  "a route's next hop": (value) => ({ routes: [{ to: "10.99.0.0/24", via: value }] }),
  "a route's device": (value) => ({ routes: [{ to: "10.99.0.0/24", device: value }] }),
  "a route's source": (value) => ({ routes: [{ to: "10.99.0.0/24", device: "lo", source: value }] }),
  "an uplink's address": (value) => ({ uplinks: [{ device: "eth0", bridge: "br9", addresses: [value] }] }),
  "a directory's mode": (value) => ({ directories: [{ path: "/opt/hostile", mode: value }] }),
  "an artifact's mode": (value) => ({ artifacts: [{ ...pushed, mode: value }] }),
  "an artifact's hash": (value) => ({ artifacts: [{ ...pushed, sha256: value }] }),
  "an artifact's file beside the program": (value) => ({ artifacts: [{ ...pushed, localPath: value }] }),
  "an artifact's path": (value) => ({
    artifacts: [{ path: `/opt/hostile/${value}`, sha256: "0".repeat(64), url: "http://127.0.0.1:1/a" }],
  }),
  "whom a rule is for": (value) => ({ rules: [{ priority: 1000, from: value, table: 77 }] }),
  "where a rule is for": (value) => ({ rules: [{ priority: 1000, to: value, table: 77 }] }),
  "a rule's mark": (value) => ({ rules: [{ priority: 1000, fwmark: value, table: 77 }] }),
  "a table's name": (value) => ({ nftables: [{ family: "inet", table: value, ruleset: "" }] }),
  "a ruleset": (value) => ({ nftables: [{ family: "inet", table: "hostile", ruleset: value }] }),
  "an iptables chain": (value) => ({ iptables: [{ chain: value, rule: ["-j", "ACCEPT"] }] }),
  "an iptables word": (value) => ({ iptables: [{ chain: "FORWARD", rule: ["-m", "comment", "--comment", value] }] }),
  "a unit's name": (value) => ({ units: [{ name: `${value}.service` }] }),
  "an artifact's URL": (value) => ({
    artifacts: [{ path: "/opt/hostile/a", sha256: "0".repeat(64), url: `http://127.0.0.1:1/${value}` }],
  }),
};

type Row = NonNullable<NodeStateInput["openvswitch"]>[number];
const row = (table: string, name: string, more: object): NodeStateInput => ({
  openvswitch: [{ table, name, ...more } as Row],
});

/** The same for Open vSwitch's database, which no node of this test has: a unit test runs what would be asked of it. */
export const openvswitchPlaces: Record<string, (value: string) => NodeStateInput> = {
  "a bridge": (value) => row("bridge", value, {}),
  "a bridge's NIC": (value) => row("bridge", "br9", { macFrom: value }),
  "a datapath": (value) => row("bridge", "br9", { datapath_type: value }),
  "a protocol": (value) => row("bridge", "br9", { protocols: [value] }),
  "a bridge's fail mode": (value) => row("bridge", "br9", { fail_mode: value }),
  "a bridge's other configuration": (value) => row("bridge", "br9", { other_config: { key: value } }),
  "a key of it": (value) => row("bridge", "br9", { other_config: { [value]: "x" } }),
  "a port's bridge": (value) => row("port", "p9", { bridge: value }),
  "a bond's interface": (value) => row("port", "p9", { bridge: "br9", interfaces: ["eth8", value] }),
  "a port's VLAN mode": (value) => row("port", "p9", { bridge: "br9", vlan_mode: value }),
  "a bond's mode": (value) => row("port", "p9", { bridge: "br9", bond_mode: value }),
  "a bond's LACP": (value) => row("port", "p9", { bridge: "br9", lacp: value }),
  "an interface's type": (value) => row("interface", "p9", { type: value }),
  "an interface's options": (value) => row("interface", "p9", { options: { remote_ip: value } }),
  "a key of an interface's options": (value) => row("interface", "p9", { options: { [value]: "x" } }),
  "an interface's BFD": (value) => row("interface", "p9", { bfd: { enable: value } }),
  "a key of an interface's BFD": (value) => row("interface", "p9", { bfd: { [value]: "x" } }),
  "a queue's number": (value) => row("qos", "p9", { queues: { [value]: {} } }),
  "a queue's rate": (value) => row("qos", "p9", { queues: { 1: { "max-rate": value } } }),
  "a queue's key": (value) => row("qos", "p9", { queues: { 1: { [value]: "1" } } }),
  "a collector": (value) => row("netflow", "br9", { targets: [value] }),
  "sFlow's device": (value) => row("sflow", "br9", { agent: value }),
  "a controller": (value) => row("controller", "br9", { targets: [value] }),
  "a controller's mode": (value) =>
    row("controller", "br9", { targets: ["tcp:192.0.2.1:6653"], connection_mode: value }),
  "a mirror's source": (value) => row("mirror", "m9", { bridge: "br9", select_src_port: [value] }),
  "a mirror's destination": (value) => row("mirror", "m9", { bridge: "br9", select_dst_port: [value] }),
  "a mirror's port": (value) => row("mirror", "m9", { bridge: "br9", output_port: value }),
  "a manager": (value) => row("manager", value, {}),
  "a key's path": (value) => row("ssl", ".", { private_key: value }),
  "a certificate's path": (value) => row("ssl", ".", { certificate: value }),
  "an authority's path": (value) => row("ssl", ".", { ca_cert: value }),
  "a global setting": (value) => row("global", "other_config:x", { value }),
  "its name": (value) => row("global", value, { value: "x" }),
};
