/** What Weave is called in a cluster and on nodes; its programs know these names, so that they cannot be chosen. */
export const names = {
  /** ServiceAccount, roles, DaemonSet, and the ConfigMap in which peers note each other. */
  weave: "weave-net",
  namespace: "kube-system",
  secret: "weave-net-password",
  secretKey: "password",
};

/** Where Weave puts its CNI plugin and configuration. */
export const conflist = "/etc/cni/net.d/10-weave.conflist";
export const binaries = "/opt/cni/bin";

/** Ports of weaver; they stand in its scripts. */
export const ports = { control: 6783, fastdp: 6784 };
