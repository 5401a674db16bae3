/** Romana's programs find each other by these names, which Kubernetes makes variables of. */
export const names = {
  namespace: "kube-system",
  etcd: "romana-etcd",
  daemon: "romana",
  listener: "romana-listener",
  agent: "romana-agent",
  aws: "romana-aws",
  vpcRouter: "romana-vpcrouter",
  publisher: "romana-route-publisher",
  topology: "romana-network-conf",
  publisherConfiguration: "route-publisher-config",
};

/** Port of the daemon's REST API. */
export const daemonPort = 9600;

/** The number and the name of the table that the agent keeps its routes in. */
export const table = { number: 10, name: "romana" };

/** The CNI configuration: that of Romana's agent, and podnet's own. */
export const files = { romana: "/etc/cni/net.d/10-romana.conf", cni: "10-romana.conflist" };

/** The bridge that pods hang on where the bridge plugin attaches them. */
export const bridge = "romana0";
