import type { Inventory, InventoryNode } from "../inventory";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, foldersOf, hostManagerFiles } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import { cleaning } from "./clean";
import { portsOf, type WeaveSettings } from "./complete";
import { daemon, type HostPassword } from "./host-daemon";
import { binaries, conflist } from "./names";
import { rangeCheck } from "./range-check";

/** What is done on each node before Weave comes, and taken away after it has gone, by node. */
export function hosts(settings: WeaveSettings, password?: HostPassword): Record<string, NodeStateInput> {
  const { nodes } = settings;
  return Object.fromEntries(
    (nodes?.nodes ?? []).map((node) => [node.name, host(settings, node, nodes as Inventory, password)]),
  );
}

function host(
  settings: WeaveSettings,
  node: InventoryNode,
  nodes: Inventory,
  password: HostPassword | undefined,
): NodeStateInput {
  const { name, mode, podCidr, openPorts, networkManager } = settings;
  const modules = modulesOf(settings);
  const sysctls = { "net.ipv4.ip_forward": "1", "net.bridge.bridge-nf-call-iptables": "1" };
  const clean = cleaning(settings);
  const range = rangeCheck(name, podCidr[0] as string);
  const own = settings.hosts
    ? daemon(settings, settings.hosts, node, password)
    : { files: [], units: [], artifacts: [] };
  const files = [
    ...bootFiles(name, modules, sysctls),
    ...hostManagerFiles(name, ["weave", "datapath", "vethwe*", "vxlan-6784"], { networkManager, networkd: false }),
    clean.file,
    range.file,
    ...own.files,
  ];
  const plugins = Object.entries(settings.artifacts).map(([plugin, artifact]) => ({
    path: `${binaries}/${plugin}`,
    ...artifact,
  }));
  const artifacts = [...plugins, ...own.artifacts];
  const byWeave = mode === "docker" ? [] : [conflist, `${binaries}/weave-net`];
  const folders = [...[...files, ...artifacts].map(({ path }) => path), ...byWeave].flatMap(foldersOf);
  return {
    modules,
    sysctls,
    directories: [
      ...[...new Set(folders)].map((path) => ({ path })),
      ...(mode === "kubernetes" ? [{ path: settings.dataDirectory, purge: true }] : []),
    ],
    files,
    iptables: openPorts ? openedPorts(portsOf(settings), ["ipv4"], node, nodes) : [],
    artifacts,
    units: [range.unit, clean.unit, ...own.units],
  };
}

/** Modules that a container cannot load: without Open vSwitch Weave takes sleeve, and says nothing of it. */
function modulesOf({ transport, policy, password, mode, modules }: WeaveSettings): string[] {
  const fast = transport.type === "fastdp";
  return [
    ...new Set([
      "br_netfilter",
      ...(fast ? ["openvswitch", "vxlan"] : []),
      ...(fast && password !== undefined ? ["esp4", "xfrm_user"] : []),
      ...(policy && mode === "kubernetes" ? ["ip_set", "xt_set"] : []),
      ...modules,
    ]),
  ];
}
