import { families } from "../addresses/families";
import type { Subnets } from "../addresses/plan";
import type { InventoryNode } from "../inventory";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, foldersOf, hostManagerFiles, lines } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import { kindOf } from "./backends";
import { cleaning } from "./clean";
import { conflistPath, type FlannelSettings, portsOf } from "./complete";
import { conflist } from "./configuration";
import { daemon, type OnHosts } from "./host-daemon";

/**
 * What the network wants of each node, by node.
 *
 * @param subnets podnet's plan; empty where the cluster gives each node its subnet
 * @param onHosts what flanneld has on hosts without Kubernetes besides its settings
 */
export function hosts(settings: FlannelSettings, subnets: Subnets, onHosts?: OnHosts): Record<string, NodeStateInput> {
  const nodes = settings.nodes?.nodes ?? [];
  return Object.fromEntries(nodes.map((node) => [node.name, host(settings, node, subnets[node.name] ?? [], onHosts)]));
}

/**
 * Everything that flanneld, its CNI plugin and kube-proxy need of a node, and what takes away again what they make.
 * On hosts without Kubernetes flanneld itself is part of it.
 */
function host(
  settings: FlannelSettings,
  node: InventoryNode,
  subnets: readonly string[],
  onHosts: OnHosts | undefined,
): NodeStateInput {
  const { name, cni, backend, podCidr, hostManagers, etcd, openPorts, nodes } = settings;
  const modules = [...new Set(["br_netfilter", ...kindOf(backend).modules, ...settings.modules])];
  const sysctls = sysctlsOf(podCidr);
  const cleaner = cleaning(settings);
  const own =
    etcd && onHosts ? daemon(settings, etcd, node, subnets, onHosts) : { files: [], units: [], artifacts: [] };
  const files = [
    ...bootFiles(name, modules, sysctls),
    ...hostManagerFiles(name, ["flannel*", "cni0", "veth*"], hostManagers),
    ...checksumRule(settings),
    ...(etcd?.runtime === "cni" ? [{ path: conflistPath(settings), content: conflist(settings) }] : []),
    ...own.files,
    cleaner.file,
  ];
  const plugins = Object.entries(cni.artifacts).map(([plugin, artifact]) => ({
    path: `${cni.binaries}/${plugin}`,
    ...artifact,
  }));
  const artifacts = [...plugins, ...own.artifacts];
  return {
    modules,
    sysctls,
    directories: directories(
      settings,
      [...files, ...artifacts].map(({ path }) => path),
    ),
    files,
    iptables: openPorts && nodes ? openedPorts(portsOf(settings), families(podCidr), node, nodes) : [],
    artifacts,
    units: [cleaner.unit, ...own.units],
  };
}

/** Packets are forwarded, and those on bridges pass iptables, as flanneld and kube-proxy want it. */
export function sysctlsOf(podCidr: readonly string[]): Record<string, string> {
  const used = families(podCidr);
  return {
    ...(used.includes("ipv4") && { "net.ipv4.ip_forward": "1", "net.bridge.bridge-nf-call-iptables": "1" }),
    ...(used.includes("ipv6") && {
      "net.ipv6.conf.all.forwarding": "1",
      "net.bridge.bridge-nf-call-ip6tables": "1",
    }),
  };
}

/** What others fill while the network stands means nothing once it is gone. */
function directories(settings: FlannelSettings, paths: readonly string[]): NodeStateInput["directories"] {
  const { cni, etcd } = settings;
  const docker = etcd?.runtime === "docker";
  const leases = docker ? [] : ["/var/lib/cni/flannel", `/var/lib/cni/networks/${cni.name}`];
  const filled = ["/run/flannel", ...leases];
  const byPods = docker ? [] : [conflistPath(settings), `${cni.binaries}/flannel`];
  const above = [...paths, ...byPods, ...filled].flatMap(foldersOf);
  return [
    ...[...new Set(above)].filter((path) => path !== "/run").map((path) => ({ path })),
    ...filled.map((path) => ({ path, purge: true })),
  ];
}

/** udev runs it when flanneld makes the device, however often that is. */
export function checksumRule({ name, checksumOffload }: Pick<FlannelSettings, "name" | "checksumOffload">) {
  if (checksumOffload) return [];
  const rule = 'ACTION=="add", SUBSYSTEM=="net", KERNEL=="flannel*"';
  const content = lines([`${rule}, RUN+="/usr/sbin/ethtool -K $name tx-checksum-ip-generic off"`]);
  return [{ path: `/etc/udev/rules.d/90-podnet-${name}.rules`, content }];
}
