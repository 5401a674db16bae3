import type { Inventory, InventoryNode } from "../inventory";
import { cleanUnit } from "../network-nodes/clean";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, foldersOf, hostManagerFiles } from "../network-nodes/host-files";
import { withoutResidue } from "../network-nodes/residue";
import type { NodeStateInput } from "../node/state";
import { type ContivSettings, conflistPath, hasNetmaster, podFamilies, portsOf } from "./complete";
import { daemons, unitName } from "./host-daemons";
import { residue } from "./residue";
import { startupFile } from "./vpp-config";

/** What is done on each node before Contiv comes, and taken away after it has gone, by node. */
export function hosts(settings: ContivSettings): Record<string, NodeStateInput> {
  const { nodes } = settings;
  return Object.fromEntries((nodes?.nodes ?? []).map((node) => [node.name, host(settings, node, nodes as Inventory)]));
}

function host(settings: ContivSettings, node: InventoryNode, nodes: Inventory): NodeStateInput {
  const { name, openPorts, hostManagers, vlanUplinks, vpp } = settings;
  const modules = [...new Set([...(vpp ? [vpp.pciDriver] : ["openvswitch"]), ...settings.modules])];
  const sysctls = sysctlsOf(settings);
  const own = daemons(settings, node);
  const clean = cleanUnit(name, [...stopped(settings, own), ...withoutResidue(residue(settings))]);
  const startup = vpp
    ? [{ path: "/etc/vpp/contiv-vswitch.conf", content: startupFile(vpp, vpp.nics[node.name]?.pci) }]
    : [];
  const files = [
    ...bootFiles(name, modules, sysctls),
    ...hostManagerFiles(name, ["contiv*", "vvport*", "vport*", "vxif*", "vpp*"], hostManagers),
    ...startup,
    ...own.files,
    clean.file,
  ];
  const paths = [...files, ...own.artifacts].map(({ path }) => path);
  const byContiv = [conflistPath(settings), `${settings.cni.binaries}/contivk8s`];
  return {
    modules,
    sysctls,
    directories: [...new Set([...paths, ...byContiv].flatMap(foldersOf))].map((path) => ({ path })),
    files,
    // Open vSwitch takes them: the node looks whether it lives by one of them.
    links: hasNetmaster(settings) ? vlanUplinks.map((device) => ({ type: "device", name: device, spare: true })) : [],
    iptables: openPorts ? openedPorts(portsOf(settings), podFamilies(settings), node, nodes) : [],
    artifacts: own.artifacts,
    units: [clean.unit, ...own.units],
  };
}

function sysctlsOf({ vpp, podCidr }: ContivSettings): Record<string, string> {
  return {
    "net.ipv4.ip_forward": "1",
    ...(podCidr.some((cidr) => cidr.includes(":")) && { "net.ipv6.conf.all.forwarding": "1" }),
    ...(vpp && { "vm.nr_hugepages": String(vpp.hugepages) }),
  };
}

/** Units of podnet's own go after the clean-up, which waits for their programs to end. */
function stopped({ name }: ContivSettings, { units }: Pick<NodeStateInput, "units">): string[] {
  const names = [unitName(name, "netmaster"), unitName(name, "netplugin")];
  const there = names.filter((one) => units?.some((unit) => unit.name === one));
  return there.length > 0 ? [`systemctl stop ${there.join(" ")}`] : [];
}
