import { cleanUnit, unannotate, withoutChains, withoutRoutes } from "../network-nodes/clean";
import { quote } from "../node/quote";
import { isRoutedByOthers, kindOf } from "./backends";
import { conflistPath, type FlannelSettings } from "./complete";
import { unitName } from "./host-daemon";

/** Annotations that flanneld gives to its node. */
export const flannelAnnotations = [
  "backend-type",
  "backend-data",
  "backend-v6-data",
  "public-ip",
  "public-ipv6",
  "kube-subnet-manager",
].map((name) => `flannel.alpha.coreos.com/${name}`);

/**
 * Takes away what flanneld, its CNI plugin and the DaemonSet make on a node and leave there, when podnet removes the
 * network: devices, routes, rules, files, annotations of the node.
 */
export function cleaning(settings: FlannelSettings) {
  const { name, cni, etcd, kubernetes } = settings;
  const plugin = kubernetes?.installCniPlugin && !("flannel" in cni.artifacts);
  const made = [conflistPath(settings), ...(plugin ? [`${cni.binaries}/flannel`] : [])];
  return cleanUnit(name, [
    ...(etcd ? [`systemctl stop ${unitName(name)}`] : []),
    ...(etcd?.runtime === "docker" ? [] : ["ip link delete cni0 2>/dev/null"]),
    ...flanneldCleaning(settings),
    ...(kubernetes
      ? [...unannotate(kubernetes.kubeletConfig, flannelAnnotations), `rm -f ${made.map(quote).join(" ")}`]
      : []),
  ]);
}

/** What flanneld itself leaves: its backend's devices, the routes inside podCidr, its chains and tables. */
export function flanneldCleaning({ backend, podCidr }: Pick<FlannelSettings, "backend" | "podCidr">): string[] {
  return [
    ...kindOf(backend)
      .devices(backend)
      .map((device) => `ip link delete ${device} 2>/dev/null`),
    ...(isRoutedByOthers(backend) ? [] : podCidr.map((cidr) => withoutRoutes(cidr))),
    ...withoutChains("FLANNEL-"),
    ...["ip flannel-ipv4", "ip6 flannel-ipv6"].map((table) => `nft delete table ${table} 2>/dev/null`),
  ];
}
