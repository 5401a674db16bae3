import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import {
  byBatch,
  disruptive,
  inventoryRule,
  nodeChangeRules,
  openPortsRule,
  podRanges,
  refused,
  rolling,
  routesRule,
  safe,
} from "../network-nodes/changes";

const anew = "stop the workloads, destroy the network, and make it again with the new value";
const how = safe("only what the settings are checked against");
const restarted = rolling("the agent is started again, node after node; running pods keep their traffic");
const central = rolling(
  "the program is started again; meanwhile no pod can be started or removed, and running ones keep their traffic",
);
const kept = (what: string) =>
  refused(
    `Romana's daemon takes ${what} at its first start, and keeps it in etcd; running pods have addresses by it`,
    anew,
  );

const attachOf = (settings: unknown) => (settings as { attach?: string }).attach;

const node: Rule = (previous, next, settings) => {
  if (attachOf(settings) === "cni")
    return previous === undefined
      ? safe("a node joins: the others get a route to its pods, and nobody is renumbered")
      : safe("a node leaves: the others lose the route to its pods; drain it before");
  return next === undefined
    ? safe("a node leaves: drain it before; Romana keeps its blocks until DELETE /hosts/NAME is asked of its daemon")
    : rolling(
        "a node joins: Romana's daemon has its topology since its first start, and learns of the node by POST /hosts, without which it gives its pods no address",
      );
};

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...nodeChangeRules,
  name: refused("the name is in what stands on the nodes, and in what Romana's objects are found by", anew),
  attach: refused("pods hang on Romana's own links or on the bridge, with addresses that each gives by itself", anew),
  legacy: safe("only whether it is made at all"),
  nodes: inventoryRule(),
  "nodes.*": node,
  "nodes.*.addresses": disruptive("it is the next hop of the other nodes, and Romana's daemon knows the old one"),
  "nodes.*.segment": rolling(`the way to this node's pods changes on the other nodes, ${byBatch}`),
  "nodes.*.nic": rolling("routes and addresses of services move to the other NIC, on this node only"),
  "nodes.*.mtu": safe("only what the pods' MTU is worked out from; a change of that is told as mtu"),
  segments: safe("comes and goes with nodes, which is told"),
  "segments.*": rolling(`routes between segments change, ${byBatch}`),
  podCidr: (previous, next, settings) => {
    const verdict = podRanges(anew);
    const said = typeof verdict === "function" ? verdict(previous, next, settings) : verdict;
    return attachOf(settings) === "cni" || said.class === "refused" ? said : kept("the range");
  },
  nodePrefix: refused("nodes have subnets of the old size, and running pods addresses in them", anew),
  serviceCidr: (_previous, _next, settings) =>
    attachOf(settings) === "cni"
      ? safe("podnet only holds it apart from pods")
      : disruptive(
          "Romana's services get other addresses, and its programs find each other when all are started again",
        ),
  "otherRanges.*": how,
  networks: (_previous, _next, settings) =>
    attachOf(settings) === "cni" ? refused("nodes have subnets of the old range", anew) : kept("its networks"),
  topology: kept("the topology"),
  routing: disruptive(`routes of the old way go, and those of the new one come, ${byBatch}`),
  routes: routesRule,
  mtu: rolling(
    "pods that are started afterwards have it; with a smaller one start the others again, whose large packets are lost",
  ),
  masquerade: rolling("new connections out of the cluster show another source address; running ones keep theirs"),
  natInterface: restarted,
  policies: (_previous, next) =>
    next ? rolling("policies are enforced, node after node") : disruptive("no policy is enforced any more"),
  kubernetesVersion: how,
  "vips.*": (_previous, next) =>
    next === undefined
      ? disruptive("the service is not reached at this address any more")
      : disruptive("the address comes, or moves to another node, and connections to it end"),
  openPorts: openPortsRule,
  networkManager: safe("a configuration file, read at the service's next start"),
  artifacts: rolling("pods that are started afterwards are attached by the other plugin"),
  programs: safe("comes and goes with attach, which is told"),
  "programs.version": restarted,
  "programs.images": restarted,
  "programs.pullPolicy": restarted,
  "programs.pullSecrets": restarted,
  "programs.etcd.image": central,
  "programs.etcd.endpoints": refused("who has which addresses is in the old etcd", anew),
  "programs.etcd.dataDirectory": refused("who has which addresses is in the old folder", anew),
  "programs.etcd.clientPort": disruptive("no pod can be started or removed until all programs look there"),
  "programs.etcd.peerPort": central,
  "programs.serviceAddresses": disruptive(
    "Romana's programs find each other when all are started again; no pod can be started or removed until then",
  ),
  "programs.nodeSelector": disruptive(
    "Romana's etcd starts empty on another node, and gives addresses away a second time; move its data before",
  ),
  "programs.maxUnavailable": safe("how the change is made, not what it is"),
  "programs.apiServer": restarted,
  "programs.debug": restarted,
  "programs.agentArguments": restarted,
};

/** What may change how in a Romana network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
