import { unannotate, untilEnded, withoutChains, withoutRoutes } from "../network-nodes/clean";
import { quote } from "../node/quote";
import type { CalicoSettings } from "./complete";
import { tunnelOf } from "./pools";

interface Left {
  cni: { directory: string; binaries: string; fileName: string };
  /** The kubelet's configuration on the node, by which annotations are taken off it. */
  kubeletConfig: string;
}

/** Annotations that calico-node gives to its node. */
const annotations = [
  "IPv4Address",
  "IPv4IPIPTunnelAddr",
  "IPv4VXLANTunnelAddr",
  "IPv4WireguardInterfaceAddr",
  "IPv6Address",
  "IPv6VXLANTunnelAddr",
  "IPv6WireguardInterfaceAddr",
  "VXLANTunnelMACAddr",
  "VXLANTunnelMACAddrV6",
  "WireguardPublicKey",
  "WireguardPublicKeyV6",
].map((name) => `projectcalico.org/${name}`);

/** What the kernel notes of who made a route. Every BIRD has the same number, also one that is not Calico's. */
const marks = { felix: 80, bird: 12 };

/** Ranges whose routes in the kernel are Calico's, by who makes them. */
interface Routed {
  /** By Felix. */
  ranges: readonly string[];
  /** By Calico's BIRD, where it runs. */
  told: readonly string[];
  /** Whether Calico uses tunl0, the device that the kernel makes with ipip, for whoever wants it. */
  ipip: boolean;
}

/** Ranges that Calico itself makes routes in: those of its pools, and by BGP those of services that are told to peers. */
export function routedBy({ podCidr, pools, bgp }: Pick<CalicoSettings, "podCidr" | "pools" | "bgp">): Routed {
  const ranges = [...new Set([...podCidr, ...Object.values(pools).map(({ cidr }) => cidr)])];
  const services = [...bgp.serviceClusterIps, ...bgp.serviceExternalIps, ...bgp.serviceLoadBalancerIps];
  return {
    ranges,
    told: bgp.enabled ? [...new Set([...ranges, ...services])] : [],
    ipip: Object.values(pools).some((pool) => tunnelOf(pool) === "ipip"),
  };
}

/** Takes away what Calico leaves on a node whose pods of it have ended: rules, sets, links, routes, files, annotations. */
export function calicoCleaning({ cni, kubeletConfig }: Left, routed: Routed): string[] {
  const files = [
    `${cni.directory}/${cni.fileName}`,
    `${cni.directory}/calico-kubeconfig`,
    `${cni.directory}/calico-tls`,
    `${cni.binaries}/calico`,
    `${cni.binaries}/calico-ipam`,
    "/var/lib/calico",
    "/var/run/calico",
    "/var/run/nodeagent",
    "/var/log/calico",
    "/var/lib/cni/networks/k8s-pod-network",
  ];
  return [
    ...felixCleaning(routed),
    ...unannotate(kubeletConfig, annotations),
    `rm -rf ${files.map(quote).join(" ")}`,
    // What the container runtime keeps of attachments that it did not get to undo.
    "rm -f /var/lib/cni/results/k8s-pod-network-*",
  ];
}

/** What Felix and Calico's BIRD leave in the kernel, once they have ended. */
export function felixCleaning({ ranges, told, ipip }: Routed): string[] {
  return [
    ...untilEnded(["calico-felix", "calico-node"]),
    ...withoutChains("cali-", '--comment "cali:'),
    "for family in ip ip6; do nft delete table $family calico 2>/dev/null; done",
    `for set in $(ipset list -name 2>/dev/null | grep '^cali[46]0'); do ipset destroy "$set"; done`,
    "for link in $(ip -brief link show | sed 's/[@ ].*//'); do",
    "  case $link in",
    ...(ipip ? ["    tunl0) ip address flush dev tunl0; ip link set tunl0 down ;;"] : []),
    "    wireguard.cali) ip rule delete priority 99; ip link delete $link ;;",
    "    wg-v6.cali) ip -6 rule delete priority 99; ip link delete $link ;;",
    "    cali*|vxlan.calico|vxlan-v6.calico|bpfin.cali|bpfout.cali) ip link delete $link ;;",
    "  esac 2>/dev/null",
    "done",
    ...ranges.map((cidr) => withoutRoutes(cidr, marks.felix)),
    ...told.map((cidr) => withoutRoutes(cidr, marks.bird)),
  ];
}
