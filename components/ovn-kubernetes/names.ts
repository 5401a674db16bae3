/** What OVN-Kubernetes is called in a cluster and on nodes; its programs know these names, so that they cannot be chosen. */
export const names = {
  namespace: "ovn-kubernetes",
  /** Nodes' own traffic is of this namespace when policies look at it. */
  hostNamespace: "ovn-host-network",
  config: "ovn-config",
  node: "ovnkube-node",
  openvswitch: "ovs-node",
  controlPlane: "ovnkube-control-plane",
  clusterManager: "ovnkube-cluster-manager",
  identity: "ovnkube-identity",
  webhookCertificate: "ovnkube-webhook-cert",
};

/** Where ovnkube puts its CNI plugin and configuration. */
export const conflist = "/etc/cni/net.d/10-ovn-kubernetes.conf";
export const binaries = "/opt/cni/bin";

/** OVN's own bridge, and the port of the node in it. */
export const devices = { bridge: "br-int", management: "ovn-k8s-mp0" };

/** Ports that stand in OVN-Kubernetes' scripts. */
export const ports = { identity: 9443, hybridOverlay: 4789 };

/** Which zone of OVN a node is in; without it all nodes would be one, each with a database of its own. */
export const zoneLabel = "k8s.ovn.org/zone-name";
