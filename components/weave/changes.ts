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
  "stop the workloads, destroy the network, and make it again with the new value; Weave has no way to change it under running pods";

/** With fastdp the kernel goes on forwarding; what weaver itself carries stops with it. */
const restarted: Rule = (_previous, _next, settings) => {
  const { transport } = settings as { transport: { type: string } };
  return transport.type === "sleeve"
    ? rolling("weaver is started again on each node; a node's traffic to other nodes stops until it is up")
    : rolling("weaver is started again on each node; running pods keep their traffic");
};
const how = safe("only what the settings are checked against");
const away = safe("only how the change is made, or what is done when the network is removed");
const npc = rolling(
  "weave-npc is started again on each node; until it has read the policies, what is not established waits",
);

const split =
  "nodes that have it and nodes that do not cannot talk: traffic between them stops from the first node to the last";

const transport: Rule = (previous, next) =>
  [previous, next].includes("awsvpc")
    ? refused("awsvpc does not work together with an overlay: the cluster falls apart node by node", anew)
    : rolling("peers agree on a way that both have; connections are made anew on each node");

const node: Rule = (previous) =>
  previous === undefined
    ? safe("a node joins: it learns of the others from those that it asks first, and nobody is renumbered")
    : safe(
        "a node leaves: drain it before; its share of the range stays its own until `weave rmpeer` gives it to another, which in Kubernetes the next start of a peer does",
      );

const written = rolling(
  "Weave writes its CNI configuration once: nodes that have it keep the old one until it is removed there",
);

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...nodeChangeRules,
  name: refused("the name is in what stands on the nodes, and in what Weave's objects are found by", anew),
  mode: refused("what Kubernetes starts and what systemd starts would both be Weave on one node", anew),
  edition: restarted,
  version: restarted,
  legacy: safe("only whether it is made at all"),
  nodes: inventoryRule(
    refused(
      "podnet would take away what it made on the nodes, and with it who has which addresses, while pods run there",
      "keep nodes, or stop the workloads and destroy the network",
    ),
  ),
  "nodes.*": node,
  "nodes.*.addresses": rolling(
    "on hosts the peer has another name, and begins without addresses; drain the node before",
  ),
  "nodes.*.segment": how,
  "nodes.*.nic": how,
  "nodes.*.mtu": safe("only what the pods' MTU is worked out from; a change of that is told as mtu"),
  segments: how,
  "segments.*": how,
  nodeCount: safe("only what connectionLimit is worked out from; a change of that is told there"),
  podCidr: (previous, next, settings) => {
    const verdict = podRanges(anew);
    const said = typeof verdict === "function" ? verdict(previous, next, settings) : verdict;
    return said.class === "refused"
      ? said
      : refused(
          "peers with one range refuse those with another, and what they have divided is kept on each node",
          anew,
        );
  },
  clusterCidr: how,
  serviceCidr: safe("podnet only holds it apart from pods"),
  "otherRanges.*": how,
  "transport.type": transport,
  underlayMtu: safe("only what mtu is worked out from"),
  mtu: rolling(
    "pods that are started afterwards have it; with a smaller one start the others again, whose large packets are lost",
  ),
  password: disruptive(split),
  trustedSubnets: disruptive("peers must agree on what is encrypted: connections are made anew on each node"),
  peers: restarted,
  ipamInit: refused("the range is divided already, and a node that begins otherwise is turned away", anew),
  connectionLimit: restarted,
  policy: (_previous, next) =>
    next ? rolling("policies are enforced on each node") : disruptive("no policy is enforced any more"),
  hairpin: written,
  keepClientAddress: restarted,
  exposeAddress: restarted,
  iptablesBackend: disruptive(
    "rules of the old kind stay on the nodes beside those of the new; restart the nodes after it",
  ),
  httpAddress: disruptive(
    "the CNI plugin asks weaver there: until both are started again no pod can be started or removed",
  ),
  metricsAddress: restarted,
  statusAddress: restarted,
  logLevel: restarted,
  debug: restarted,
  extraArguments: restarted,
  openPorts: openPortsRule,
  modules: safe("modules are loaded; those that are no longer listed stay until the next boot"),
  networkManager: safe("a configuration file, read at the service's next start"),
  artifacts: rolling("pods that are started afterwards are attached by the other plugin"),
  dataDirectory: refused("who has which addresses is in the old folder, and would be given away a second time", anew),
  "kubernetes.images.kube": restarted,
  "kubernetes.images.npc": npc,
  "kubernetes.pullPolicy": restarted,
  "kubernetes.pullSecrets": restarted,
  "kubernetes.requests.weaveCpu": restarted,
  "kubernetes.requests.npcCpu": restarted,
  "kubernetes.npc.metricsAddress": npc,
  "kubernetes.npc.allowMulticast": npc,
  "kubernetes.npc.maxListSize": npc,
  "kubernetes.checkMachineId": restarted,
  "kubernetes.maxUnavailable": away,
  "kubernetes.nodeSelector": disruptive("nodes that are no longer selected lose weaver, and their pods the others'"),
  "kubernetes.seLinuxOptions": restarted,
  "kubernetes.apiServer": restarted,
  "kubernetes.hostRoot": restarted,
  "kubernetes.dbPrefix": refused("who has which addresses is under the old name, and would be given away again", anew),
  "hosts.weave.path": restarted,
  "hosts.weave.artifact": restarted,
  "hosts.docker": restarted,
  "hosts.imageAccount": restarted,
  "hosts.dns.enabled": rolling("names of containers are answered, or no longer, from weaver's next start on each node"),
  "hosts.dns.domain": disruptive(
    "names in the old domain are not answered any more; containers keep it in their resolv.conf",
  ),
  "hosts.dns.ttlSeconds": restarted,
  "hosts.dns.listenAddress": disruptive("containers ask at the old address until they are started again"),
  "hosts.plugin": disruptive("containers of Docker's network `weave` are not started while the plugin is away"),
  "hosts.proxy": rolling("what is started by Weave's proxy of Docker is attached, or no longer"),
  "hosts.defaultSubnet": rolling("containers that are started afterwards have addresses of it"),
  "hosts.discovery": restarted,
  "hosts.expose": rolling("the node gets a further address on the bridge; the old one stays until it is taken off"),
  "hosts.configurations": disruptive("until Mesos looks there, no task can be started"),
};

/** What may change how in a Weave network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
