import { stringify } from "yaml";
import { addresses } from "../address";
import type { NodeFile } from "../node-files";
import type { PlacedNode } from "../topology";
import { apiServer, clusterNetworks } from "./addresses";
import type { Credential } from "./certificates";
import { kubeconfigText } from "./kubeconfig";
import { imagesScript, mountsScript } from "./node-scripts";
import { containerdConfig, units } from "./node-units";

/** Debian packages that a node of a cluster has besides those of a plain server. */
export const nodePackages = ["containerd", "runc", "conntrack", "ipset", "ethtool"];

/** Open files of a process, which may not pass what the machine gives to root. */
const openFiles = 20_000;

/** What makes a full node a node of the cluster. Keys are root's alone. */
export function clusterNodeFiles(
  slot: number,
  node: PlacedNode,
  authority: string,
  { kubelet, proxy }: { kubelet: Credential; proxy: Credential },
): NodeFile[] {
  const server = apiServer(slot);
  const own = addresses(slot, node.segment, node.host);
  const secret = (name: string, text: string) => ({ path: `etc/kubernetes/${name}`, text, mode: 0o600 });
  const plain = (path: string, text: string) => ({ path, text });
  return [
    plain("etc/kubernetes/ca.crt", authority),
    plain("etc/kubernetes/kubelet.crt", kubelet.certificate),
    secret("kubelet.key", kubelet.key),
    secret("kubelet.kubeconfig", kubeconfigText(server, authority, `system:node:${node.name}`, kubelet)),
    plain("etc/kubernetes/kubelet.yaml", kubeletConfig()),
    secret("proxy.kubeconfig", kubeconfigText(server, authority, "system:kube-proxy", proxy)),
    plain("etc/kubernetes/proxy.yaml", proxyConfig(node.name)),
    plain("etc/kubernetes/mounts.sh", mountsScript),
    plain("etc/kubernetes/images.sh", imagesScript),
    plain("etc/containerd/config.toml", containerdConfig),
    plain(
      "etc/sysctl.d/99-kubernetes.conf",
      [
        "ipv4.ip_forward",
        "ipv6.conf.all.forwarding",
        "bridge.bridge-nf-call-iptables",
        "bridge.bridge-nf-call-ip6tables",
      ]
        .map((name) => `net.${name} = 1\n`)
        .join(""),
    ),
    // What is process 1 of a container does not hear systemd's SIGTERM: a reboot need not wait for it.
    plain("etc/systemd/system.conf.d/kubernetes.conf", "[Manager]\nDefaultTimeoutStopSec=5s\n"),
    // podnet's units take away at their stop what a network made, and have as long for it as on any machine.
    plain("usr/lib/systemd/system/podnet-.service.d/lab.conf", "[Service]\nTimeoutStopSec=90s\n"),
    ...units(node.name, own).map(({ name, text }) => plain(`etc/systemd/system/${name}`, text)),
  ];
}

function kubeletConfig(): string {
  return stringify({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: "/etc/kubernetes/ca.crt" },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: "/etc/kubernetes/kubelet.crt",
    tlsPrivateKeyFile: "/etc/kubernetes/kubelet.key",
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    maxOpenFiles: openFiles,
    oomScoreAdj: 0,
    // The node has no resolver.
    resolvConf: "",
    clusterDomain: "cluster.local",
    // A node's disk and memory are this machine's: how full they are is no reason to evict a pod or to drop an image.
    evictionHard: {
      "memory.available": "1Mi",
      "nodefs.available": "0%",
      "nodefs.inodesFree": "0%",
      "imagefs.available": "0%",
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    // Often enough for a test that waits.
    nodeStatusUpdateFrequency: "5s",
    syncFrequency: "10s",
  });
}

function proxyConfig(name: string): string {
  return stringify({
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: "/etc/kubernetes/proxy.kubeconfig" },
    clusterCIDR: Object.values(clusterNetworks.pods).join(","),
    hostnameOverride: name,
    mode: "iptables",
    oomScoreAdj: 0,
    // The connection table's limits are the machine's.
    conntrack: { maxPerCore: 0, min: 0, tcpCloseWaitTimeout: "0s", tcpEstablishedTimeout: "0s" },
  });
}
