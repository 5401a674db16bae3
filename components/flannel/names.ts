/** Names of what flannel consists of in Kubernetes; what belongs to the whole cluster has the network's name in it. */
export const names = {
  workload: "kube-flannel",
  account: "flannel",
  configuration: "kube-flannel-cfg",
  secret: "kube-flannel-secret",
  clusterRole: (network: string) => `podnet-${network}-flannel`,
};

/** Keys of the configuration, which are files in the container. */
export const files = { netConf: "net-conf.json", cniConf: "cni-conf.json" };

/** Where the container sees the configuration, and the part of it that is a secret. */
export const folders = { configuration: "/etc/kube-flannel", secret: "/etc/kube-flannel-secret" };
