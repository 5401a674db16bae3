import { rules as calico } from "../calico/changes";
import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import { rules as flannel } from "../flannel/changes";
import { nodeChangeRules, refused, rolling } from "../network-nodes/changes";

/** The rules of these settings and of what is in them. */
function of(table: Record<string, Rule>, ...settings: string[]): Record<string, Rule> {
  const wanted = Object.entries(table).filter(([path]) =>
    settings.some((one) => path === one || path.startsWith(`${one}.`)),
  );
  return Object.fromEntries(wanted);
}

/** A rule at another place: flannel's own options are one level down here. */
const release = flannel.version as Rule;
const restarted = flannel.randomPorts as Rule;

/** What a change of each setting does, by path: that of the half which the setting is of. */
export const rules: Record<string, Rule> = {
  ...nodeChangeRules,
  name: flannel.name as Rule,
  ...of(flannel, "podCidr", "serviceCidr", "otherRanges", "nodePrefix", "backend", "underlayMtu", "mtu", "iface"),
  ...of(flannel, "masquerade", "openPorts", "modules", "checksumOffload", "hostManagers"),
  ...of(flannel, "nodes", "segments"),
  ...of(calico, "nodes", "segments", "nodeCount", "version", "crds", "images", "agent", "datastore", "apiServer"),
  "nodes.*.addresses": flannel["nodes.*.addresses"] as Rule,
  "nodes.*.nic": flannel["nodes.*.nic"] as Rule,
  ...of(calico, "typha", "autoHostEndpoints", "globalPolicies", "networkSets", "tiers", "hostEndpoints"),
  ...of(calico, "felix.iptablesBackend", "felix.chainInsertMode", "felix.defaultEndpointToHostAction"),
  ...of(calico, "felix.refreshSeconds", "felix.markMask", "felix.featureDetectOverride", "felix.failsafe"),
  ...of(calico, "felix.allowVxlanFromPods", "felix.allowIpipFromPods", "felix.logSeverity"),
  ...of(calico, "felix.metrics", "felix.metricsPort", "felix.healthPort"),
  ...of(calico, "namespace", "maxUnavailable", "cni", "kubeletConfig", "dataplane"),
  "flannel.version": release,
  "flannel.image": release,
  "flannel.randomPorts": restarted,
  "flannel.rulesResyncSeconds": restarted,
  "flannel.blackholeRoute": restarted,
  "flannel.healthPort": release,
  "flannel.requests": release,
  "flannel.eventQueueDepth": release,
  "flannel.etcdPrefix": refused(
    "leases under another prefix are another network's",
    "stop the workloads, destroy the network, and make it again with the new prefix",
  ),
  "flannel.etcdctlImage": rolling("only what writes flannel's configuration into etcd"),
};

/** What may change how in a Canal network: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
