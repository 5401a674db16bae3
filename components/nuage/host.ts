import { families } from "../addresses/families";
import type { Inventory, InventoryNode } from "../inventory";
import { cleanUnit } from "../network-nodes/clean";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, foldersOf, hostManagerFiles } from "../network-nodes/host-files";
import { withoutResidue } from "../network-nodes/residue";
import type { NodeStateInput } from "../node/state";
import { conflistPath, type NuageSettings, portsOf } from "./complete";
import { residue } from "./residue";

/** What is done on each node before Nuage's pods come, and taken away after they have gone, by node. */
export function hosts(settings: NuageSettings): Record<string, NodeStateInput> {
  const { nodes } = settings;
  return Object.fromEntries((nodes?.nodes ?? []).map((node) => [node.name, host(settings, node, nodes as Inventory)]));
}

function host(settings: NuageSettings, node: InventoryNode, nodes: Inventory): NodeStateInput {
  const { name, openPorts, hostManagers, cni, podCidr, folders } = settings;
  // The switch brings a module of its own that stands on these.
  const modules = [...new Set(["openvswitch", "vxlan", ...settings.modules])];
  const sysctls = { "net.ipv4.ip_forward": "1" };
  const clean = cleanUnit(name, withoutResidue(residue(settings)));
  const files = [
    ...bootFiles(name, modules, sysctls),
    ...hostManagerFiles(name, [cni.bridge, "svc-*-tap*"], hostManagers),
    clean.file,
  ];
  const byPods = [conflistPath(settings), `${folders.binaries}/nuage-cni-k8s`];
  const above = [...files.map(({ path }) => path), ...byPods].flatMap(foldersOf);
  return {
    modules,
    sysctls,
    directories: [...new Set(above)].map((path) => ({ path })),
    files,
    iptables: openPorts ? openedPorts(portsOf(settings), families(podCidr), node, nodes) : [],
    units: [clean.unit],
  };
}
