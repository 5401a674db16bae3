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

const anew =
  "stop the workloads, destroy the network, and make it again with the new value; flannel has no way to change it under running pods";

const ends = disruptive(
  "both ends of a tunnel must agree: traffic between nodes stops from the first node to the last",
);
const pods = rolling("pods that are started afterwards have it");
const how = safe("only what the settings are checked against");
const away = safe("what is done when the network is removed");

/** Backends of one name in flannel differ only in who makes the routes. */
const routedByOthers = ["alloc", "aws-vpc", "gce", "ali-vpc"];

const backendType: Rule = (previous, next) =>
  routedByOthers.includes(String(previous)) && routedByOthers.includes(String(next))
    ? safe("for flannel both are alloc; the routes are changed by whoever makes them")
    : refused(
        "nodes ignore those with another backend, so that the cluster falls apart node by node, and devices, routes and pods' MTU of the old one stay",
        anew,
      );

/** Where packets go through flanneld itself, or through a device that lives as long as it does. */
const fragile = ["udp", "wireguard"];

/** A restart of flanneld is nothing to the kernel's own tunnels and routes. */
const again =
  (kept: typeof safe): Rule =>
  (_previous, _next, settings) => {
    const { type } = (settings as { backend: { type: string } }).backend;
    return fragile.includes(type)
      ? rolling(
          `flanneld is started again on each node; with ${type} a node's traffic to other nodes stops until it is up`,
        )
      : kept("flanneld is started again on each node; running pods keep their traffic");
  };
const release = again(safe);
const restarted = again(rolling);

const nodePrefix: Rule = (previous, next) => {
  if (previous === undefined) return rolling("nodes get subnets of the new address family");
  if (next === undefined) return rolling("the address family is gone with its range");
  return refused(
    `nodes have subnets of /${previous}, and running pods addresses in them; another size moves them all`,
    `grow podCidr when subnets run out; for larger or smaller subnets ${anew}`,
  );
};

const node: Rule = (previous) =>
  previous === undefined
    ? safe("a node joins: flanneld tells the others of its subnet, and nobody is renumbered")
    : safe("a node leaves: flanneld tells the others; drain it before");

const conflistFile: Rule = (_previous, _next, settings) =>
  (settings as { mode: string }).mode === "etcd"
    ? rolling(`the file is moved, ${byBatch}; running pods do not notice`)
    : disruptive(
        "flannel's pods write the new file and leave the old one on the nodes, and the runtime takes the first by name: remove the old one by hand",
      );

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  name: refused("the name is in what stands on the nodes, and in what flannel's pods are found by", anew),
  mode: refused("subnets given by Kubernetes and those leased in etcd are not the same", anew),
  version: release,
  nodes: inventoryRule(),
  "nodes.*": node,
  "nodes.*.addresses": rolling("it is where the other nodes send to; flanneld tells them when it is started again"),
  "nodes.*.segment": how,
  "nodes.*.nic": restarted,
  "nodes.*.mtu": safe("only what the pods' MTU is worked out from; a change of that is told as mtu"),
  segments: how,
  "segments.*": how,
  "segments.*.subnets": how,
  "segments.*.routers": how,
  podCidr: podRanges(anew),
  "nodePrefix.*": nodePrefix,
  allocation: refused("nodes have the subnets that the one has given, and the other would give them others", anew),
  serviceCidr: safe("podnet only holds it apart from pods"),
  "otherRanges.*": how,
  "backend.type": backendType,
  "backend.vni": ends,
  "backend.port": ends,
  "backend.gbp": ends,
  "backend.learning": restarted,
  "backend.directRouting": rolling("routes inside a segment change on each node; both ways are understood meanwhile"),
  "backend.psk": ends,
  "backend.portV6": ends,
  "backend.mode": ends,
  "backend.keepaliveSeconds": restarted,
  "backend.udpEncap": ends,
  "backend.espProposal": ends,
  "backend.preStartupCommand": restarted,
  "backend.postStartupCommand": restarted,
  "backend.subnetAddCommand": restarted,
  "backend.subnetRemoveCommand": restarted,
  "backend.overhead": safe("only what the pods' MTU is worked out from; a change of that is told as mtu"),
  "backend.udpPorts": safe("only what firewalls are told"),
  "backend.accessKeyId": restarted,
  "backend.accessKeySecret": restarted,
  routes: routesRule,
  underlayMtu: rolling("devices of tunnels get the MTU on each node"),
  mtu: rolling(
    "pods that are started afterwards have it; with a smaller one start the others again, whose large packets are lost",
  ),
  "iface.names": rolling("other nodes learn each node's new address"),
  "iface.regex": rolling("other nodes learn each node's new address"),
  "iface.canReach": rolling("other nodes learn each node's new address"),
  masquerade: rolling("new connections out of the cluster show another source address; running ones keep theirs"),
  randomPorts: restarted,
  netfilter: rolling(
    "flanneld writes its rules the other way on each node, and leaves its chain FLANNEL-FWD of iptables behind",
  ),
  rulesResyncSeconds: restarted,
  forwardRules: rolling("FORWARD's own policy decides on pods' packets on each node"),
  blackholeRoute: restarted,
  openPorts: openPortsRule,
  modules: safe("modules are loaded; those that are no longer listed stay until the next boot"),
  checksumOffload: safe("holds for devices that are made afterwards: at the next boot"),
  "hostManagers.networkManager": safe("a configuration file, read at the service's next start"),
  "hostManagers.networkd": safe("configuration files, read at the service's next start"),
  "cni.version": pods,
  "cni.name": refused(
    "addresses of running pods are leased under the old name, and would be given away a second time",
    anew,
  ),
  "cni.directory": conflistFile,
  "cni.binaries": disruptive("until the runtime looks there, no pod can be started or removed"),
  "cni.fileName": conflistFile,
  "cni.artifacts": rolling("pods that are started afterwards are attached by the other plugin"),
  hairpin: pods,
  portMappings: pods,
  "kubernetes.namespace": refused(
    "pods of the old namespace and of the new one would run beside each other on every node, and want the same devices and health port",
    anew,
  ),
  "kubernetes.images.flannel": release,
  "kubernetes.images.cniPlugin": pods,
  "kubernetes.pullPolicy": release,
  "kubernetes.pullSecrets": release,
  "kubernetes.installCniPlugin": release,
  "kubernetes.healthPort": release,
  "kubernetes.requests.cpu": release,
  "kubernetes.requests.memory": release,
  "kubernetes.maxUnavailable": safe("how the change is made, not what it is"),
  "kubernetes.nodeSelector": disruptive("nodes that are no longer selected lose flanneld, and learn of no other node"),
  "kubernetes.eventQueueDepth": release,
  "kubernetes.apiServer": release,
  "kubernetes.kubeletConfig": away,
  "etcd.endpoints": restarted,
  "etcd.tls": restarted,
  "etcd.username": restarted,
  "etcd.password": restarted,
  "etcd.prefix": refused("leases under another prefix are another network's", anew),
  "etcd.leaseRenewMarginMinutes": restarted,
  "etcd.subnetFile": disruptive("until whoever attaches containers looks there, none can be started"),
  "etcd.flanneld.path": release,
  "etcd.flanneld.artifact": release,
  "etcd.runtime": refused(
    "containers of Docker's bridge and of the CNI plugin would be given the same addresses",
    anew,
  ),
  "etcd.docker": rolling("holds from Docker's next start on"),
  ...nodeChangeRules,
};

/** What may change how in a flannel network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
