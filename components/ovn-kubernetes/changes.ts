import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import {
  disruptive,
  inventoryRule,
  nodeChangeRules,
  openPortsRule,
  podRanges,
  refused,
  rolling,
  safe,
} from "../network-nodes/changes";

const anew =
  "stop the workloads, destroy the network, and make it again with the new value; OVN-Kubernetes has no way to change it under running pods";

const restarted = rolling(
  "ovnkube is started again, node after node; running pods keep their traffic, and none is started there until it is up",
);
const how = safe("only what the settings are checked against");
const away = safe("only how the change is made, or what is done when the network is removed");
const ownRange = refused("nodes have addresses of it in their databases, and old and new ones do not meet", anew);
const mtuRule = rolling(
  "pods that are started afterwards have it; with a smaller one start the others again, whose large packets are lost",
);

/** A feature that goes takes with it what its objects did. */
const feature: Rule = (_previous, next) =>
  next
    ? rolling("ovnkube is started again, node after node, and reads the feature's objects")
    : disruptive("the feature's objects do nothing any more");

const node: Rule = (previous) =>
  previous === undefined
    ? safe("a node joins, and gets a part of podCidr; nobody is renumbered")
    : safe("a node leaves: drain it before; its part of podCidr is given to another");

const filesOf = (crds: unknown) => (Array.isArray(crds) ? crds.length : 0);
/** Kubernetes deletes every object of a kind whose definition goes. */
const definitions: Rule = (previous, next) =>
  next === "present" || filesOf(next) < filesOf(previous)
    ? disruptive(
        "definitions that podnet made are deleted, and all objects of their kinds with them: what EgressFirewalls closed is open",
      )
    : safe("definitions are added or changed");

const { "verification.coverage": _, "verification.failOn": __, ...changing } = nodeChangeRules;

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...changing,
  name: refused("the name is in what stands on the nodes, and in what objects are found by", anew),
  version: (previous, next) =>
    String(previous).split(".").slice(0, 2).join() === String(next).split(".").slice(0, 2).join()
      ? restarted
      : refused(
          "podnet's objects would be taken away while the chart makes its own of the same names",
          "drain and destroy the network, and make it again with the other release",
        ),
  install: safe("told as version"),
  kubernetesVersion: how,
  kubeProxy: how,
  apiServer: rolling("ovnkube is started again, node after node, and speaks to the new address"),
  "chart.source": restarted,
  "chart.values": disruptive("podnet does not know what the chart makes of them"),
  crds: definitions,
  nodes: inventoryRule(),
  "nodes.*": node,
  "nodes.*.addresses": disruptive("tunnels end there: packets to the node are lost until the others have learned it"),
  "nodes.*.segment": how,
  "nodes.*.nic": how,
  "nodes.*.mtu": safe("only what the pods' MTU is worked out from; a change of that is told as mtu"),
  segments: how,
  "segments.*": how,
  podCidr: podRanges(anew),
  nodePrefix: refused("nodes have parts of the old size, and the new ones overlap them", anew),
  serviceCidr: refused("services have addresses of it, and the API server has it too", anew),
  "otherRanges.*": how,
  subnets: ownRange,
  mtu: mtuRule,
  encapPort: disruptive("nodes that have it and nodes that do not cannot talk, from the first node to the last"),
  openvswitch: refused(
    "two of them would be on a node, each with a database of its own",
    "drain and destroy the network, and make it again with the other one",
  ),
  "gateway.mode": disruptive("connections from pods to the outside end, and come from other addresses perhaps"),
  "gateway.bridge": (previous, next) =>
    [previous, next].includes("made")
      ? disruptive("the NIC moves into the bridge or out of it, with the node's addresses, under running pods")
      : safe("only who makes the bridge, which is there"),
  "gateway.interface": disruptive("connections to the outside end, node after node, and go through the other bridge"),
  "gateway.nextHop": disruptive("connections to the outside go another way, node after node"),
  "gateway.vlanId": disruptive("connections to the outside end until the switch has the VLAN too"),
  "features.egressIp": feature,
  "features.egressIpHealthPort": rolling("egress addresses may move once while nodes ask each other at two ports"),
  "features.egressService": feature,
  "features.egressFirewall": (_previous, next) =>
    next ? restarted : disruptive("what EgressFirewalls closed is open from here on"),
  "features.egressQos": feature,
  "features.externalRoutes": feature,
  "features.serviceTemplates": restarted,
  "features.adminNetworkPolicy": (_previous, next) =>
    next
      ? disruptive("AdminNetworkPolicies that are there are enforced")
      : disruptive("no AdminNetworkPolicy is enforced any more"),
  "features.multiNetwork": feature,
  "features.userDefinedNetworks": feature,
  "features.networkQos": feature,
  "features.routeAdvertisements": feature,
  "features.persistentIps": feature,
  "features.multicast": feature,
  "features.hybridOverlay": refused("nodes of the hybrid overlay have addresses of it", anew),
  flowExport: safe("reports only, though ovnkube is started again for it, node after node"),
  ovn: restarted,
  logs: restarted,
  "identity.enabled": disruptive(
    "nodes are other users of the API server: until the last is started again some are refused",
  ),
  "identity.validityDays": safe("holds for the next certificate"),
  "identity.certificate": disruptive(
    "the API servers refuse updates of nodes' and pods' status until webhook and certificate are of one authority: name both in authority during the change",
  ),
  image: restarted,
  requests: restarted,
  controlPlaneReplicas: safe("a cluster manager more or less, of which one leads"),
  maxUnavailable: away,
  unprivileged: restarted,
  keepAddressAtGateways: disruptive("connections through gateways of a namespace's own change their address"),
  restrictForwarding: disruptive("what the node forwards for others than OVN stops, or is forwarded again"),
  checkPacketMtu: restarted,
  emptyServiceEvents: restarted,
  openPorts: openPortsRule,
  modules: safe("modules are loaded; those that are no longer listed stay until the next boot"),
  networkManager: safe("a configuration file, read at the service's next start"),
  kubeletConfig: away,
};

/** What may change how in an OVN-Kubernetes network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
