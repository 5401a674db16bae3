import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import {
  byBatch,
  disruptive,
  inventoryRule,
  nodeChangeRules,
  openPortsRule,
  refused,
  rolling,
  safe,
} from "../network-nodes/changes";

const another = "stop the workloads, destroy the network, and make it again with the new value";
const restarted = rolling("Contiv's pods are started again, node after node; pods that run keep their packets");
const written = rolling("written into netmaster; pods that run keep their addresses");

/** netmaster changes no network once it is made. */
const networks: Rule = (previous, next) =>
  previous === undefined
    ? safe("a network beside the others")
    : next === undefined
      ? disruptive("pods in it lose their network; netmaster refuses it while groups are in it")
      : refused(
          "netmaster changes no network once it is made, and pods have addresses of it",
          "make a second network beside it, and move the workloads by their label io.contiv.network",
        );

/** netmaster refuses what would take a tag from a network, and takes more of them. */
const tags: Rule = (previous, next) => {
  const [before, after] = [previous, next].map((text) =>
    String(text)
      .split(",")
      .map((range) => range.split("-").map(Number)),
  );
  const kept = (before ?? []).every(([first = 0, last = first]) =>
    (after ?? []).some(([from = 0, to = from]) => from <= first && last <= to),
  );
  return kept
    ? written
    : refused(
        `tags of ${String(previous)} that ${String(next)} has not may be in use, and netmaster takes back none of them`,
        `say ranges of which some contain ${String(previous)}, or ${another}`,
      );
};

const groups: Rule = (previous, next) => {
  if (previous === undefined) return safe("a group beside the others");
  if (next === undefined) return disruptive("pods in it are in no group any more");
  return madeAgain.some((field) => fieldOf(previous, field) !== fieldOf(next, field))
    ? disruptive(
        "netmaster moves no group to another network or pool: it is made again, which netmaster refuses while pods are in it",
      )
    : rolling("policies, a profile or contracts are put on it or taken off");
};
/** What netmaster changes of no group. */
const madeAgain = ["network", "ipPool", "configuredTag"];
const fieldOf = (group: unknown, field: string) => (group as Record<string, unknown>)[field];

const ruleOfPolicy: Rule = (previous, next) =>
  previous !== undefined && next !== undefined
    ? disruptive("netmaster changes no rule: it is deleted and made again, and what it decides is undecided between")
    : rolling("connections are decided by one rule more or less from then on");

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...nodeChangeRules,
  name: refused("everything on the nodes and in the cluster is found by it", another),
  legacy: safe("only whether it is made at all"),
  mode: refused("another way of running is another network", another),
  nodes: inventoryRule(),
  "nodes.*": rolling("that node alone is prepared or cleaned"),
  "nodes.*.addresses": disruptive("the ends of that node's tunnels move"),
  "nodes.*.segment": safe("what firewalls are opened for"),
  "nodes.*.nic": safe("what vlanUplinks is checked against"),
  "nodes.*.mtu": rolling("netplugin works the pods' MTU out at its next start"),
  segments: safe("what firewalls are opened for"),
  "segments.*": safe("what firewalls are opened for"),
  podCidr: refused("pods have addresses of it, and netmaster changes no network once it is made", another),
  gateway: refused("netmaster changes no network once it is made", another),
  serviceCidr: disruptive("Contiv's services get other addresses, and netplugin other routes to services"),
  otherRanges: safe("only what ranges are held apart from"),
  forwarding: disruptive("flows on every node are made anew; netmaster may refuse it while networks are there"),
  encapsulation: refused("networks that are there are of one kind", another),
  vlanUplinks: disruptive("netplugin puts other NICs into its bridge"),
  vxlanPort: disruptive("tunnels break until the last node has the new port"),
  underlayMtu: rolling("pods get the new MTU when they are started again"),
  mtu: rolling("pods get the new MTU when they are started again"),
  infraNetwork: refused("netmaster changes no network once it is made", another),
  "globals.arpMode": written,
  "globals.vlans": tags,
  "globals.vxlans": tags,
  "globals.privateSubnet": disruptive("hosts have other addresses towards their pods"),
  "tenants.*": (previous, next) =>
    previous === undefined || next !== undefined
      ? safe("a tenant beside the others")
      : disruptive("its pods lose their network"),
  "tenants.*.networks.*": networks,
  "tenants.*.profiles.*": written,
  "tenants.*.policies.*": rolling("a policy more or less"),
  "tenants.*.policies.*.rules.*": ruleOfPolicy,
  "tenants.*.groups.*": groups,
  "tenants.*.contracts.*": written,
  "tenants.*.applications.*": written,
  "tenants.*.services.*": rolling("what is behind a service's address"),
  "bgp.*": disruptive("that node's session begins anew, and its routes with it"),
  aci: disruptive("the fabric makes other networks"),
  store: refused("everything that netmaster keeps is in it", another),
  "netmaster.url": safe("how netmaster is asked"),
  "netmaster.clusterIp": rolling("the Service is made again"),
  "netmaster.netctl": safe("a program on the control plane's nodes"),
  authProxy: rolling("netmaster's pod is started again; pods that run keep their packets"),
  exporters: restarted,
  "images.netplugin": restarted,
  "images.netpluginInit": restarted,
  "images.ovs": disruptive("Open vSwitch is started again, and no packet passes a node while it is"),
  "images.etcd": rolling("etcd is started again; pods are attached when it is back"),
  "images.authProxy": rolling("netmaster's pod is started again; pods that run keep their packets"),
  "images.aciGateway": rolling("the gateway alone is started again"),
  "images.exporter": restarted,
  pullPolicy: restarted,
  pullSecrets: restarted,
  namespace: disruptive("everything is made again in another namespace"),
  apiServer: restarted,
  maxUnavailable: safe("how the change is made, not what it is"),
  cni: disruptive("pods started in between find no network"),
  vpp: refused("addresses and links of VPP are those of its start", another),
  "vpp.images": disruptive("VPP is started again, and no packet passes a node while it is"),
  "vpp.hugepages": rolling("memory that the kubelet counts at its next start"),
  "vpp.nics": disruptive("VPP takes other NICs at its next start"),
  "vpp.crd": safe("contiv-crd comes or goes"),
  "vpp.natExternalTraffic": disruptive("the agent is started again, and packets to the outside have other addresses"),
  hosts: rolling(`units are started again, ${byBatch}; containers that run keep their packets`),
  openPorts: openPortsRule,
  modules: safe("one module more is loaded"),
  hostManagers: safe("what the node's own services leave alone"),
};

/** What may change how in a Contiv network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
