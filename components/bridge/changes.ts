import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import {
  byBatch,
  disruptive,
  nodeChangeRules,
  podRanges,
  refused,
  rolling,
  routesRule,
  safe,
} from "../network-nodes/changes";

const secondNetwork =
  "make a second network with another name, bridge and podCidr, move the workloads node by node (drain), and remove this one";

const ranges = podRanges(secondNetwork);

const nodePrefix: Rule = (previous, next) =>
  previous === undefined
    ? rolling("nodes get subnets of the new address family")
    : next === undefined
      ? rolling("the address family is gone with its range")
      : refused(
          `nodes have subnets of /${previous}, and running pods addresses in them; another size moves them all`,
          `keep nodePrefix at ${previous}, and grow podCidr when subnets run out; for larger or smaller subnets ${secondNetwork}`,
        );

const node: Rule = (previous) =>
  previous === undefined
    ? safe("a node joins: the others get a route to its pods, and nobody is renumbered")
    : safe("a node leaves: the others lose the route to its pods; drain it before");

const isFlat = (settings: unknown) => (settings as { shape?: unknown } | undefined)?.shape === "flat";

const bridge: Rule = (previous, _next, settings) =>
  isFlat(settings)
    ? refused(
        `each node's NIC is a port of ${previous}, and no bridge takes it from another one`,
        `keep ${previous}; for another name destroy the network and make it anew`,
      )
    : disruptive("pods hang on the bridge of the old name, and are cut off until they are started again");

const nic: Rule = (_previous, _next, settings) =>
  isFlat(settings)
    ? disruptive(
        "the NIC gets back what it brought to the bridge, and this node's pods are in the network of the other",
      )
    : rolling("routes move to the other NIC, on this node only");

/** A range comes and goes with its node; what pods have addresses of stays theirs. */
const flatRanges: Rule = (previous, next) => {
  const [before, after] = [previous, next].map((ranges) => (ranges ?? {}) as Record<string, unknown>);
  const moved = Object.entries(before ?? {}).filter(
    ([node, ranges]) => after?.[node] !== undefined && JSON.stringify(after[node]) !== JSON.stringify(ranges),
  );
  const isSource = [before, after].every((ranges) => Object.keys(ranges ?? {}).length > 0);
  return isSource && moved.length === 0
    ? safe("a node's ranges come and go with the node; the others keep theirs")
    : disruptive("pods outside the new ranges keep addresses that another node may give away");
};

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  name: refused("the name is in the pods' leases and in what stands on the nodes", secondNetwork),
  shape: refused("pods of a flat and of a routed network have addresses of different kinds", secondNetwork),
  "nodes.*": node,
  "nodes.*.addresses": rolling(`it is the next hop of the other nodes, which change their route ${byBatch}`),
  "nodes.*.segment": rolling(`the way to this node's pods changes on the other nodes, ${byBatch}`),
  "nodes.*.nic": nic,
  "nodes.*.mtu": rolling(
    "in the flat shape the bridge of this node takes it; the pods' MTU that is worked out from it is told as mtu",
  ),
  "segments.*": rolling(`routes between segments change, ${byBatch}`),
  "segments.*.subnets": safe("only what addresses are checked against"),
  "segments.*.routers": rolling(`routes to other segments take the new router, ${byBatch}`),
  podCidr: ranges,
  "nodePrefix.*": nodePrefix,
  serviceCidr: safe("podnet only holds it apart from pods; in the flat shape pods get the route when they are started"),
  "otherRanges.*": safe("only what addresses are checked against"),
  mtu: disruptive("running pods keep their MTU until they are started again, and too large packets are lost meanwhile"),
  bridge,
  crossSegment: disruptive("traffic between segments stops from the first node changed to the last"),
  routes: routesRule,
  vxlan: disruptive("both ends of a tunnel must agree: traffic between segments stops from the first node to the last"),
  "vxlan.vni": disruptive(
    "both ends of a tunnel must agree: traffic between segments stops from the first node to the last",
  ),
  "vxlan.port": disruptive(
    "both ends of a tunnel must agree: traffic between segments stops from the first node to the last",
  ),
  "vxlan.name": disruptive("the tunnel is made anew on each node; its traffic stops for that moment"),
  "masquerade.ipv4": rolling(
    "new connections out of the cluster show another source address; running ones keep theirs",
  ),
  "masquerade.ipv6": rolling(
    "new connections out of the cluster show another source address; running ones keep theirs",
  ),
  "masquerade.except": rolling("new connections to these ranges show another source address; running ones keep theirs"),
  hairpin: rolling("pods that are started afterwards have it"),
  portMappings: rolling("pods that are started afterwards have it"),
  "cni.version": rolling("pods that are started afterwards are attached by it"),
  "cni.pluginVersion": safe("only what the configuration is checked against"),
  "cni.directory": disruptive("until the runtime looks there, no pod can be started"),
  "cni.binaries": disruptive("until the runtime looks there, no pod can be started or removed"),
  "cni.fileName": rolling("the file is written anew; running pods do not notice"),
  "cni.artifacts": rolling("pods that are started afterwards are attached by the other plugin"),
  "cni.promiscMode": rolling("pods that are started afterwards have it"),
  "cni.macspoofchk": rolling("pods that are started afterwards have it"),
  "cni.enabledad": rolling("pods that are started afterwards have it"),
  "cni.portIsolation": rolling("pods that are started afterwards have it"),
  "flat.ipam": disruptive(
    "pods with addresses of the old source may meet new ones with the same; start all pods again",
  ),
  "flat.gateway": disruptive("running pods keep the old default gateway until they are started again"),
  "flat.pool": ranges,
  "flat.ranges": flatRanges,
  ...nodeChangeRules,
  "hostManagers.networkManager": safe("a configuration file, read at the service's next start"),
  "hostManagers.networkd": safe("configuration files, read at the service's next start"),
  routerAdvertisements: rolling(`a sysctl of the NIC, ${byBatch}`),
};

/** What may change how in a bridge network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
