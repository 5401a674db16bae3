import { families } from "../addresses/families";
import type { Inventory, InventoryNode } from "../inventory";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, foldersOf, hostManagerFiles } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import { complete as completeBridges } from "../openvswitch/complete";
import { hosts as bridgesOf } from "../openvswitch/host";
import { openVSwitchSettings } from "../openvswitch/settings";
import { cleaning } from "./clean";
import { type OvnKubernetesSettings, portsOf } from "./complete";
import { hostCheck } from "./host-check";
import { binaries, conflist, devices } from "./names";

/** What is done on each node before OVN-Kubernetes comes, and taken away after it has gone, by node. */
export function hosts(settings: OvnKubernetesSettings): Record<string, NodeStateInput> {
  const { nodes } = settings;
  if (!nodes) return {};
  const bridges = gatewayBridges(settings, nodes);
  return Object.fromEntries(
    nodes.nodes.map((node) => [node.name, { ...bridges[node.name], ...host(settings, node, nodes) }]),
  );
}

/** The bridge with the node's NIC, as OpenVSwitch makes it. */
function gatewayBridges({ name, gateway }: OvnKubernetesSettings, nodes: Inventory): Record<string, NodeStateInput> {
  if (gateway.bridge !== "made") return {};
  const bridges = { [gateway.interface]: { uplink: true } };
  return bridgesOf(completeBridges(name, openVSwitchSettings.parse({ nodes, bridges })));
}

function host(settings: OvnKubernetesSettings, node: InventoryNode, nodes: Inventory): NodeStateInput {
  const { name, podCidr, openPorts, networkManager } = settings;
  const modules = [...new Set(["openvswitch", "geneve", "br_netfilter", "overlay", ...settings.modules])];
  const sysctls = {
    "net.ipv4.ip_forward": "1",
    ...(families(podCidr).includes("ipv6") && { "net.ipv6.conf.all.forwarding": "1" }),
  };
  const clean = cleaning(settings);
  const check = hostCheck(settings);
  const files = [
    ...bootFiles(name, modules, sysctls),
    ...hostManagerFiles(name, [devices.bridge, "ovn-k8s-mp*", "genev_sys_*"], { networkManager, networkd: false }),
    check.file,
    clean.file,
  ];
  const folders = [...files.map(({ path }) => path), conflist, `${binaries}/ovn-k8s-cni-overlay`].flatMap(foldersOf);
  return {
    modules,
    sysctls,
    directories: [...new Set(folders)].map((path) => ({ path })),
    files,
    iptables: openPorts ? openedPorts(portsOf(settings), ["ipv4", "ipv6"], node, nodes) : [],
    units: [check.unit, clean.unit],
  };
}
