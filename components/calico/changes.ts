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

const secondPool =
  "add a pool with the new value beside it, set disabled on the old one, start the pods again, and take the old one out";
const otherCluster = "drain the nodes one by one into a cluster that is made with the new value";
const podsAgain = "start all pods again, node by node (drain)";

/** A tunnel that begins where the other end expects none, and packets too large for one, are lost until all pods are new. */
const encapsulation: Rule = (previous, next) => {
  if (previous === undefined || next === undefined) return rolling("the pool comes or goes as a whole");
  const plain = (how: unknown) => String(how).replace("CrossSubnet", "");
  if (plain(previous) === plain(next))
    return disruptive("the way between nodes of one subnet changes node by node: traffic stops until both ends agree");
  return refused(
    `nodes that send ${previous} and nodes that expect ${next} lose each other's packets, and running pods keep the MTU of ${previous}`,
    secondPool,
  );
};

const pool: Rule = (previous, next) => {
  if (previous === undefined) return safe("a pool more: pods that are started afterwards may get addresses of it");
  if (next === undefined && (previous as { disabled?: boolean }).disabled !== true)
    return refused(
      "pods may still have addresses of the pool, and would lose their routes with it",
      "set disabled on it, start its pods again, and take it out in a later run",
    );
  return rolling("the pool gives no addresses any more; its routes go, one node after another");
};

const typeOf = (value: unknown) => (value as { type?: string } | undefined)?.type;

/** A resource by its name. In etcd a job, or a unit, writes what is in the settings, and takes nothing out. */
const resource =
  (rule: Rule): Rule =>
  (previous, next, settings) => {
    if (next === undefined && typeOf((settings as { datastore?: unknown }).datastore) === "etcd")
      return safe("it stays in etcd, and in force, until you delete it there with calicoctl");
    return typeof rule === "function" ? rule(previous, next, settings) : rule;
  };

const roll = "the pods of Calico are started again, some nodes at a time; packets go on by what stands in the kernel";
const bgpSession = "BGP sessions are made anew; routes stay for the time of a graceful restart";

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...nodeChangeRules,
  name: refused("the name is in the objects' labels and in what stands on the nodes", otherCluster),
  install: refused(
    "each way makes objects of the same names in its own place, and the second would find the first's",
    "follow Calico's own migration to the operator, and import what it made; or make another cluster",
  ),
  version: rolling(`${roll}. Calico wants one minor release at a time`),
  operatorVersion: rolling("the operator is started again, and rolls out its own Calico"),
  crds: safe("definitions of the same release; fields that are gone from them are gone from the resources"),
  images: rolling(roll),
  "images.registry": rolling(roll),
  "images.pullPolicy": rolling(roll),
  "images.pullSecrets": rolling(roll),
  "images.node": rolling(roll),
  "images.cni": rolling(roll),
  "images.kubeControllers": safe("the controllers are started again; no packet passes by them"),
  "images.typha": rolling("Typhas are started again; Felix goes on with what it knows"),
  "images.ctl": safe("only what writes resources into etcd"),
  agent: rolling(roll),
  datastore: (previous, next) =>
    typeOf(previous) === typeOf(next)
      ? rolling(roll)
      : refused(
          "what is in the one datastore is not in the other: addresses of running pods would be given away again",
          `export with calicoctl and import it into the other, with the nodes' pods stopped; or ${otherCluster}`,
        ),
  nodes: inventoryRule(),
  segments: safe("only what is checked, and the usual autodetection, which is told by itself"),
  "nodes.*": (previous) =>
    previous === undefined
      ? safe("a node joins: its pod comes with it")
      : safe("a node leaves: drain it before; the controllers give its addresses back"),
  "nodes.*.addresses": rolling("only how the node is checked; Calico finds the address itself"),
  "nodes.*.segment": safe("only what is checked"),
  "nodes.*.nic": safe("only what is checked"),
  "nodes.*.mtu": safe("only what the pods' MTU is worked out from; a change of that is told as mtu"),
  "segments.*": safe("only what is checked, and the usual autodetection, which is told by itself"),
  nodeCount: safe("only how many Typhas there are, which is told by itself"),
  podCidr: podRanges(otherCluster),
  serviceCidr: safe("podnet only holds it apart from pods"),
  "otherRanges.*": safe("only what addresses are checked against"),
  encapsulation: safe("only the value for pools that do not say their own; a change of a pool is told by itself"),
  natOutgoing: safe("only the value for pools that do not say their own; a change of a pool is told by itself"),
  "pools.*": pool,
  "pools.*.cidr": refused("addresses of running pods are of the old range", secondPool),
  "pools.*.blockSize": refused("blocks of the old size are given to nodes, and Calico refuses another", secondPool),
  "pools.*.encapsulation": encapsulation,
  "pools.*.natOutgoing": rolling(
    "new connections out of the pools show another source address; running ones keep theirs",
  ),
  "pools.*.nodeSelector": rolling("pods that are started afterwards get addresses by it"),
  "pools.*.disabled": rolling("pods that are started afterwards get addresses of other pools"),
  "pools.*.disableBgpExport": rolling("peers learn, or lose, the pool's routes"),
  "pools.*.allowedUses": rolling("what is given out afterwards follows it"),
  "pools.*.assignment": rolling("pods that are started afterwards get addresses by it"),
  ipam: refused(
    "the two would give the same address to two pods",
    "from host-local to calico-ipam, Calico's own upgrade moves a cluster: follow it, and import; or make another cluster",
  ),
  mtu: rolling(`pods that are started afterwards have it; running ones keep theirs until you ${podsAgain}`),
  underlayMtu: safe("only what the pods' MTU is worked out from; a change of that is told as mtu"),
  "autodetection.ipv4": disruptive("a node that finds another address is unknown to the others until they learn it"),
  "autodetection.ipv6": disruptive("a node that finds another address is unknown to the others until they learn it"),
  "bgp.enabled": disruptive("routes come from another place: traffic between nodes stops until both ends have changed"),
  "bgp.asNumber": disruptive("peers that know the old number refuse the nodes until they are changed too"),
  "bgp.nodeToNodeMesh": disruptive(
    "nodes lose the routes of those they do not speak to any more, before they learn them elsewhere",
  ),
  "bgp.meshPassword": disruptive("nodes with the old password and the new one refuse each other meanwhile"),
  "bgp.listenPort": disruptive("nodes that still speak to the old port lose the others' routes meanwhile"),
  "bgp.bindMode": rolling(bgpSession),
  "bgp.serviceClusterIps": rolling("peers learn, or lose, the way to these services"),
  "bgp.serviceExternalIps": rolling("peers learn, or lose, the way to these services"),
  "bgp.serviceLoadBalancerIps": rolling("peers learn, or lose, the way to these services"),
  "bgp.communities": rolling("routes are told again with them"),
  "bgp.prefixAdvertisements": rolling("routes are told again with them"),
  "bgp.ignoredInterfaces": rolling(bgpSession),
  "bgp.peers.*": resource((previous, next) =>
    previous === undefined
      ? safe("a peer more")
      : next === undefined
        ? disruptive("what was only learned by this peer has no route any more")
        : rolling(bgpSession),
  ),
  "bgp.routeReflectors": disruptive(
    "nodes learn routes from others than before: traffic stops where the new ones come late",
  ),
  dataplane: disruptive(
    "connections that run are cut where rules of one kind give way to those of the other; reboot node by node",
  ),
  apiServer: rolling(roll),
  "wireguard.enabled": disruptive(
    "both ends of a tunnel must agree: traffic stops from the first node to the last; and pods keep the old MTU",
  ),
  "wireguard.port": disruptive("both ends of a tunnel must agree: traffic stops from the first node to the last"),
  "wireguard.portV6": disruptive("both ends of a tunnel must agree: traffic stops from the first node to the last"),
  "wireguard.hostEncryption": disruptive("both ends must agree: traffic between nodes stops meanwhile"),
  "typha.replicas": rolling("Felix meets another Typha, or the API server; it goes on with what it knows"),
  "felix.vxlanVni": disruptive("both ends of a tunnel must agree: traffic stops from the first node to the last"),
  "felix.vxlanPort": disruptive("both ends of a tunnel must agree: traffic stops from the first node to the last"),
  "felix.iptablesBackend": disruptive("the old rules stand beside the new ones until the node is rebooted"),
  "felix.chainInsertMode": disruptive(
    "policy stands before or behind the rules of others; what they accept may pass by it",
  ),
  "felix.defaultEndpointToHostAction": rolling("packets from pods to their own node, when no policy decides"),
  "felix.refreshSeconds": rolling("Felix starts again by itself"),
  "felix.markMask": disruptive("connections that run carry marks of the old bits; reboot node by node"),
  "felix.mtuIfacePattern": rolling("Felix starts again by itself"),
  "felix.awsSrcDstCheck": rolling("Felix changes it on each instance"),
  "felix.featureDetectOverride": rolling("Felix starts again by itself"),
  "felix.natOutgoingAddress": rolling("new connections out of the pools show another source address"),
  "felix.allowVxlanFromPods": rolling("pods' own tunnels begin, or end, to pass"),
  "felix.allowIpipFromPods": rolling("pods' own tunnels begin, or end, to pass"),
  "felix.logSeverity": safe("only what is logged"),
  "felix.metrics": rolling("Felix starts again by itself"),
  "felix.metricsPort": rolling("Felix starts again by itself"),
  "felix.healthPort": rolling(roll),
  "felix.bpf": disruptive("connections from outside that run may be answered another way than they came, and end"),
  "felix.bpf.externalServiceMode": disruptive(
    "connections from outside that run are answered another way than they came, and end",
  ),
  "felix.bpf.dsrOptOutCidrs": disruptive("connections of these clients are answered another way, and end"),
  "felix.bpf.connectTimeLoadBalancing": rolling("connections that run stay with their pods; new ones are turned there"),
  "felix.bpf.dataIfacePattern": disruptive("on NICs that are out of it, services and policy for nodes end"),
  "felix.bpf.l3IfacePattern": disruptive("on devices that are out of it, services and policy for nodes end"),
  "felix.bpf.enforceRpf": (_previous, next) =>
    next === "Strict"
      ? disruptive("packets that come by another NIC than their answers leave by are dropped")
      : rolling("packets are dropped no more than before"),
  "felix.bpf.kubeProxyCleanup": rolling("kube-proxy's rules are taken away, or left, where kube-proxy does not run"),
  "felix.bpf.logLevel": safe("only what is logged"),
  "felix.failsafe.inbound": rolling("ports of host endpoints that no policy closes"),
  "felix.failsafe.outbound": rolling("ports of host endpoints that no policy closes"),
  autoHostEndpoints: (_, next) =>
    next === true
      ? rolling(
          "every node has a host endpoint, which its policies select by label; without one that selects it, nothing changes",
        )
      : rolling("policies for nodes do not decide any more"),
  "globalPolicies.*": resource(
    rolling("connections that the policy decides on are opened or closed, running ones too"),
  ),
  "networkSets.*": resource(rolling("rules that select the set allow or deny other ranges")),
  "tiers.*": resource((previous, next) =>
    previous !== undefined && next === undefined
      ? disruptive("policies of the tier do not decide any more")
      : rolling("policies are asked in another order"),
  ),
  "hostEndpoints.*": resource((previous) =>
    previous === undefined
      ? disruptive("the interface is closed but for failsafe ports and what policies allow")
      : rolling("other policies select the interface"),
  ),
  maxUnavailable: safe("how the change is made, not what it is"),
  cloud: safe("only what is checked"),
  namespace: refused(
    "pods of the old namespace and the new one would run beside each other on every node",
    otherCluster,
  ),
  "cni.directory": disruptive("until the runtime looks there, no pod can be started"),
  "cni.binaries": disruptive("until the runtime looks there, no pod can be started or removed"),
  "cni.fileName": disruptive(
    "both files are there until the old one is removed by hand, and the runtime takes the first by name",
  ),
  kubeletConfig: safe("only what the clean-up of a removal uses"),
  openPorts: openPortsRule,
  networkManager: safe("a configuration file, read at the service's next start"),
};

/** What may change how in a Calico network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
