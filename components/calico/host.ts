import { families } from "../addresses/families";
import type { Inventory, InventoryNode } from "../inventory";
import { cleanUnit } from "../network-nodes/clean";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, hostManagerFiles } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import { calicoCleaning, routedBy } from "./clean";
import type { CalicoSettings } from "./complete";
import { directories, leases } from "./directories";
import { tunnelOf } from "./pools";
import { portsOf } from "./ports";

/** Interfaces that Calico makes. */
const devices = ["cali*", "tunl0", "vxlan.calico", "vxlan-v6.calico", "wireguard.cali", "wg-v6.cali"];

/** What is done on each node before Calico's pods come, and taken away after they have gone, by node. */
export function hosts(settings: CalicoSettings): Record<string, NodeStateInput> {
  const { nodes } = settings;
  return Object.fromEntries((nodes?.nodes ?? []).map((node) => [node.name, host(settings, node, nodes as Inventory)]));
}

function host(settings: CalicoSettings, node: InventoryNode, nodes: Inventory): NodeStateInput {
  const { name, networkManager, openPorts, podCidr } = settings;
  const modules = modulesOf(settings);
  const sysctls = sysctlsOf(settings);
  const clean = cleanUnit(name, calicoCleaning(settings, routedBy(settings)));
  const files = [
    ...bootFiles(name, modules, sysctls),
    ...hostManagerFiles(name, devices, { networkManager, networkd: false }),
    clean.file,
  ];
  return {
    modules,
    sysctls,
    // With Calico's own addresses, its upgrade takes the folder of others' away at each start.
    directories: directories(settings, files, settings.ipam === "host-local" ? [leases] : []),
    files,
    iptables: openPorts ? openedPorts(portsOf(settings), families(podCidr), node, nodes) : [],
    units: [clean.unit],
  };
}

/** Modules that a container cannot load: their absence would show as tunnels that never come up. */
function modulesOf({ pools, wireguard, dataplane }: CalicoSettings): string[] {
  const tunnels = new Set(Object.values(pools).map(tunnelOf));
  return [
    ...(dataplane === "iptables" ? ["ip_set"] : []),
    ...(dataplane === "nftables" ? ["nf_tables"] : []),
    ...(tunnels.has("vxlan") ? ["vxlan"] : []),
    ...(tunnels.has("ipip") ? ["ipip"] : []),
    ...(wireguard.enabled ? ["wireguard"] : []),
  ];
}

function sysctlsOf({ podCidr }: CalicoSettings): Record<string, string> {
  const own = families(podCidr);
  return {
    ...(own.includes("ipv4") && { "net.ipv4.ip_forward": "1" }),
    ...(own.includes("ipv6") && { "net.ipv6.conf.all.forwarding": "1" }),
  };
}
