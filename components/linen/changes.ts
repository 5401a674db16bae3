import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import { disruptive, nodeChangeRules, podRanges, refused, rolling, safe } from "../network-nodes/changes";

const secondNetwork =
  "make a second network with another name, bridges and podCidr, move the workloads node by node (drain), and remove this one";
const tunnelsStop = disruptive(
  "tunnels are made anew: traffic between nodes stops from the first node changed to the last",
);
const later = rolling("pods that are started afterwards have it");
const cutOff = disruptive("pods hang on the bridge of the old name, and are cut off until they are started again");

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...nodeChangeRules,
  name: refused("the name is in the pods' leases and in what stands on the nodes", secondNetwork),
  "nodes.*": (previous) =>
    previous === undefined
      ? safe("a node joins: the hub gets a tunnel to it, and nobody is renumbered")
      : safe("a node leaves: drain it before"),
  "nodes.*.addresses": disruptive("tunnels end there: its traffic stops until both ends have the new address"),
  "nodes.*.segment": safe("only what is checked"),
  "nodes.*.nic": safe("only what is checked"),
  "nodes.*.mtu": safe("only what is checked"),
  "segments.*": safe("only what is checked"),
  podCidr: podRanges(secondNetwork),
  nodePrefix: refused("nodes have parts of the old size, and running pods addresses in them", secondNetwork),
  "ranges.*": disruptive("running pods keep addresses that another node may give away from here on"),
  serviceCidr: safe("only what addresses are checked against"),
  "otherRanges.*": safe("only what addresses are checked against"),
  topology: tunnelsStop,
  controller: disruptive("flows come from elsewhere: what no flow is for is forwarded otherwise, or dropped"),
  tunnelsBy: tunnelsStop,
  bridge: cutOff,
  ovsBridge: tunnelsStop,
  datapath: tunnelsStop,
  "endpoints.*": tunnelsStop,
  mtu: disruptive("running pods keep their MTU until they are started again, and too large packets are lost meanwhile"),
  masquerade: rolling("new connections out of the cluster show another source address; running ones keep theirs"),
  hairpin: later,
  flaxd: rolling("flaxd is started again; tunnels stay meanwhile"),
  cni: disruptive("until the runtime looks there, no pod can be started"),
  "cni.artifacts": rolling("pods that are started afterwards are attached by the other plugin"),
};

/** What may change how in a Linen network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
