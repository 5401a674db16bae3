import { families } from "../addresses/families";
import { calicoCleaning } from "../calico/clean";
import { directories, leases } from "../calico/directories";
import { kindOf } from "../flannel/backends";
import { flannelAnnotations, flanneldCleaning } from "../flannel/clean";
import { portsOf } from "../flannel/complete";
import { checksumRule, sysctlsOf } from "../flannel/host";
import type { Inventory, InventoryNode } from "../inventory";
import { cleanUnit, unannotate, untilEnded } from "../network-nodes/clean";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, hostManagerFiles } from "../network-nodes/host-files";
import { quote } from "../node/quote";
import type { NodeStateInput } from "../node/state";
import { type CanalSettings, flannelOf } from "./complete";

/** What is done on each node before Canal's pods come, and taken away after they have gone, by node. */
export function hosts(settings: CanalSettings): Record<string, NodeStateInput> {
  const { nodes } = settings;
  return Object.fromEntries((nodes?.nodes ?? []).map((node) => [node.name, host(settings, node, nodes as Inventory)]));
}

function host(settings: CanalSettings, node: InventoryNode, nodes: Inventory): NodeStateInput {
  const { name, backend, podCidr, hostManagers, openPorts, dataplane, datastore } = settings;
  const etcd = datastore.type === "etcd";
  const set = dataplane === "iptables" ? "ip_set" : "nf_tables";
  // flanneld ends at its start where br_netfilter is not loaded, though pods hang on no bridge here.
  const modules = [...new Set(["br_netfilter", ...kindOf(backend).modules, set, ...settings.modules])];
  const sysctls = sysctlsOf(podCidr);
  const clean = cleanUnit(name, cleaning(settings));
  const files = [
    ...bootFiles(name, modules, sysctls),
    ...hostManagerFiles(name, ["flannel*", "cali*"], hostManagers),
    ...checksumRule(settings),
    clean.file,
  ];
  return {
    modules,
    sysctls,
    directories: directories(settings, files, [leases, "/run/flannel", ...(etcd ? ["/var/lib/cni/flannel"] : [])]),
    files,
    iptables: openPorts ? openedPorts(portsOf(flannelOf(settings)), families(podCidr), node, nodes) : [],
    units: [clean.unit],
  };
}

/** Both halves: what Felix and the plugin leave, and what flanneld does. */
function cleaning(settings: CanalSettings): string[] {
  return [
    ...untilEnded(["flanneld", "calico-felix", "calico-node"]),
    ...flanneldCleaning(settings),
    ...unannotate(settings.kubeletConfig, flannelAnnotations),
    // BIRD does not run here: a route of BIRD's is another program's.
    ...calicoCleaning(settings, { ranges: settings.podCidr, told: [], ipip: false }),
    "rm -rf /run/flannel /var/lib/cni/flannel /var/lib/cni/networks/canal",
    ...(settings.datastore.type === "etcd" ? [`rm -f ${quote(`${settings.cni.binaries}/flannel`)}`] : []),
  ];
}
