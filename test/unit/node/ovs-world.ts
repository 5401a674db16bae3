import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stepLines } from "../../../components/node/batch";
import type { Facts } from "../../../components/node/facts";
import type { Step } from "../../../components/node/item";
import { stateItems } from "../../../components/node/manifest";
import { ovsRows } from "../../../components/node/ovsdb/read";
import { plan } from "../../../components/node/plan";
import { resolve } from "../../../components/node/resolve";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { emptyFacts } from "./world";

/** What Open vSwitch 3.1 printed of a node that had the state below, and bridges of somebody else beside it. */
export const listing = readFileSync(join(__dirname, "facts/openvswitch.txt"), "utf8");
export const whole: NonNullable<NodeStateInput["openvswitch"]> = [
  {
    table: "bridge",
    name: "t0",
    datapath_type: "netdev",
    protocols: ["OpenFlow13", "OpenFlow10"],
    fail_mode: "secure",
    other_config: { "mac-aging-time": "200", hwaddr: "0a:00:00:00:00:01" },
  },
  { table: "port", name: "t0", bridge: "t0", tag: 5 },
  { table: "interface", name: "t0", type: "internal", mtu_request: 1400 },
  {
    table: "port",
    name: "bond0",
    bridge: "t0",
    interfaces: ["d0", "d1"],
    bond_mode: "balance-slb",
    lacp: "active",
    trunks: [10, 9, 100],
  },
  { table: "interface", name: "d0" },
  { table: "interface", name: "d1", ingress_policing_rate: 1000 },
  { table: "port", name: "vxx", bridge: "t0", protected: true },
  {
    table: "interface",
    name: "vxx",
    type: "vxlan",
    options: { remote_ip: "1.2.3.4", key: "flow" },
    bfd: { enable: "true" },
    cfm_mpid: 3,
  },
  {
    table: "qos",
    name: "bond0",
    type: "linux-htb",
    other_config: { "max-rate": "1000000" },
    queues: { "0": { "max-rate": "500000" }, "1": { "min-rate": "5", priority: "1" } },
  },
  { table: "netflow", name: "t0", targets: ["127.0.0.1:2055"], active_timeout: 30 },
  { table: "sflow", name: "t0", targets: ["127.0.0.1:6343"], sampling: 2, polling: 5, agent: "eth0" },
  { table: "ipfix", name: "t0", targets: ["127.0.0.1:4739"], sampling: 2 },
  {
    table: "controller",
    name: "t0",
    targets: ["tcp:127.0.0.1:6653", "ptcp:6654"],
    connection_mode: "out-of-band",
  },
  { table: "mirror", name: "mm", bridge: "t0", select_src_port: ["bond0", "vxx"], output_port: "t0" },
  { table: "manager", name: "ptcp:6640:127.0.0.1", inactivity_probe: 5000 },
  { table: "ssl", name: ".", private_key: "/a", certificate: "/b", ca_cert: "/c" },
  { table: "global", name: "external_ids:ovn-remote", value: "tcp:1.2.3.4:6642" },
];
export const items = (state: NodeStateInput) => [...stateItems(nodeState.parse(state))];

/** A node with one NIC that carries its address, and Open vSwitch with what a listing says. */
export function facts(openvswitch: string | undefined = empty): Facts {
  const one = emptyFacts();
  for (const name of ["eth0", "d0", "d1"])
    one.links.set(name, {
      name,
      type: "",
      mac: "02:00:00:00:00:aa",
      mtu: 1500,
      up: true,
      master: null,
      details: {},
    });
  const fixed = { scope: "global", broadcast: null, peer: null, dynamic: false };
  one.addresses.push({ device: "eth0", address: "198.18.0.11/22", ...fixed });
  one.tools.add("ovs-vsctl");
  one.openvswitch = ovsRows(openvswitch);
  return one;
}
const empty = listing.replaceAll(/"data":\[.*\],"headings"/g, '"data":[],"headings"');

export function planned(state: NodeStateInput, on = facts()) {
  const { items: all, problems } = resolve(nodeState.parse(state), on, new Map());
  const made = plan({ items: all, manifest: undefined, facts: on, adopt: true });
  return { ...made, problems: [...problems, ...made.problems] };
}
export const shell = (steps: Step[], mode: "strict" | "undo" = "strict") =>
  stepLines(steps, { owner: "net", contents: new Map() }, mode);
