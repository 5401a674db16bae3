import { unannotate, untilEnded, withoutChains } from "../network-nodes/clean";
import { quote } from "../node/quote";

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

/** Takes away what Calico leaves on a node whose pods of it have ended: rules, sets, links, routes, files, annotations. */
export function calicoCleaning({ cni, kubeletConfig }: Left): string[] {
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
    ...untilEnded(["calico-felix", "calico-node"]),
    ...withoutChains("cali-", '--comment "cali:'),
    "for family in ip ip6; do nft delete table $family calico 2>/dev/null; done",
    `for set in $(ipset list -name 2>/dev/null | grep '^cali[46]0'); do ipset destroy "$set"; done`,
    "for link in $(ip -brief link show | sed 's/[@ ].*//'); do",
    "  case $link in",
    "    tunl0) ip address flush dev tunl0; ip link set tunl0 down ;;",
    "    wireguard.cali) ip rule delete priority 99; ip link delete $link ;;",
    "    wg-v6.cali) ip -6 rule delete priority 99; ip link delete $link ;;",
    "    cali*|vxlan.calico|vxlan-v6.calico|bpfin.cali|bpfout.cali) ip link delete $link ;;",
    "  esac 2>/dev/null",
    "done",
    "for family in -4 -6; do",
    "  # Felix marks its routes by 80, BIRD by 12.",
    "  for protocol in 80 12; do ip $family route flush proto $protocol 2>/dev/null; done",
    "done",
    ...unannotate(kubeletConfig, annotations),
    `rm -rf ${files.map(quote).join(" ")}`,
    // What the container runtime keeps of attachments that it did not get to undo.
    "rm -f /var/lib/cni/results/k8s-pod-network-*",
  ];
}
