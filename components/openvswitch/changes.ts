import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import { byBatch, disruptive, nodeChangeRules, refused, rolling, safe } from "../network-nodes/changes";

const { "verification.coverage": _, "verification.failOn": __, ...changing } = nodeChangeRules;

/** Comes and goes as a whole; what changes in it has rules of its own, which are longer paths. */
function comesAndGoes(comes: string, goes: string): Rule {
  return (previous) => (previous === undefined ? rolling(comes) : disruptive(goes));
}

const bothEnds = disruptive(
  "both ends of a tunnel must agree: its traffic stops from the first node changed to the last",
);
const vlans = disruptive("frames of other VLANs are dropped from here on, and those on their way are lost");
const within = disruptive("the port carries other frames, or carries them another way: those on their way are lost");
const watching = safe("copies and reports, no packet on its way");
const openflow = disruptive(
  "flows come from elsewhere, or the bridge learns by itself: what no flow is for is forwarded otherwise, or dropped",
);
const measured = rolling("the port's limits change; its queue is made anew");
const placeOf = (mirror: unknown) => {
  const { outputPort, outputVlan } = (mirror ?? {}) as { outputPort?: string; outputVlan?: number };
  return outputPort ?? outputVlan;
};
/** What gets copies is theirs alone (ovs-vswitchd.conf.db(5), "Mirror Table"). */
const mirror: Rule = (previous, next) =>
  placeOf(next) === undefined || placeOf(next) === placeOf(previous)
    ? watching
    : disruptive(`${placeOf(next)} carries the copies alone from here on: what else went by it is lost`);

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...changing,
  name: refused(
    "the name is in what stands on the nodes, and each row of the database says it",
    "make a second one with the other name and other bridges, move the ports, and remove this one",
  ),
  "nodes.*": (previous) =>
    previous === undefined
      ? safe("a node joins: the others get a tunnel to it")
      : disruptive("a node leaves: its bridges go, and with them what hangs on them"),
  "nodes.*.addresses": disruptive("tunnels end there: their traffic stops until both ends have the new address"),
  "nodes.*.segment": safe("only what is checked"),
  "nodes.*.nic": rolling("another NIC moves into the bridge, and the first one back out of it, on this node only"),
  "nodes.*.mtu": rolling("bridges of which no mtu is said take what the NIC leaves them"),
  "segments.*": safe("only what is checked"),
  datapath: disruptive("every bridge is made anew in the other datapath; its flows, and what it learned, are gone"),
  "bridges.*": comesAndGoes("a bridge is made", "the bridge goes, and with it what hangs on it"),
  "bridges.*.nodes": disruptive("nodes that no longer have the bridge lose what hangs on it"),
  "bridges.*.uplink": rolling(
    `the NIC moves with its addresses, ${byBatch}; a node that is not reached after it takes it back by itself`,
  ),
  "bridges.*.addresses": disruptive("connections by an address that goes end"),
  "bridges.*.mtu": rolling("the bridge's own device takes it; ports keep theirs"),
  "bridges.*.tag": vlans,
  "bridges.*.protocols": openflow,
  "bridges.*.failMode": openflow,
  "bridges.*.spanningTree": disruptive(
    "ports stop to forward until the tree is found anew, with stp for half a minute",
  ),
  "bridges.*.multicastSnooping": rolling("multicast goes everywhere until receivers say again what they want"),
  "bridges.*.macAgingSeconds": safe("only how long a hardware address is remembered"),
  "bridges.*.forwardBpdu": rolling("frames of 802.1D's reserved addresses are forwarded or not"),
  "bridges.*.ports.*": comesAndGoes("a port is made", "the port goes, and what was behind it is cut off"),
  "bridges.*.ports.*.nodes": disruptive("nodes that no longer have the port lose what was behind it"),
  "bridges.*.ports.*.qos": measured,
  "bridges.*.ports.*.policing": measured,
  "bridges.*.ports.*.cfm": watching,
  "bridges.*.ports.*.bfd": watching,
  "bridges.*.ports.*.addresses": disruptive("connections by an address that goes end"),
  "bridges.*.ports.*.mtu": rolling("the device takes it"),
  "bridges.*.ports.*.*": within,
  "bridges.*.tunnels.*": comesAndGoes("tunnels are made", "the tunnels go, and what was behind them is cut off"),
  "bridges.*.tunnels.*.cfm": watching,
  "bridges.*.tunnels.*.bfd": watching,
  "bridges.*.tunnels.*.*": bothEnds,
  "bridges.*.mirrors.*": mirror,
  "bridges.*.controllers": openflow,
  "bridges.*.netflow": watching,
  "bridges.*.sflow": watching,
  "bridges.*.ipfix": watching,
  "bridges.*.otherConfig": rolling("Open vSwitch takes it at once; what it does, podnet does not know"),
  managers: safe("who may manage the database, no packet on its way"),
  ssl: rolling("connections to controllers and managers are made anew"),
};

/** What may change how: from the recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
