import type { Family } from "../addresses/cidr";
import type { Datastore } from "./datastore";

interface Attached {
  families: readonly Family[];
  ipam: "calico-ipam" | "host-local";
  mtu: number;
  datastore: Datastore;
  /** Folder of the configuration on the node. */
  directory: string;
  /** Whether Calico's own installer writes the file, which fills in the names between underscores. */
  filledIn: boolean;
}

/** Where the CNI plugin finds its way to the API server. */
export function kubeconfigPath(directory: string): string {
  return `${directory}/calico-kubeconfig`;
}

/** The CNI configuration of every node: Calico's plugin, and portmap for `hostPort`. */
export function cniConfig(settings: Attached): string {
  const plugins = [calicoPlugin(settings), { type: "portmap", snat: true, capabilities: { portMappings: true } }];
  return `${JSON.stringify({ name: "k8s-pod-network", cniVersion: "0.3.1", plugins }, undefined, 2)}\n`;
}

function calicoPlugin({ families, ipam, mtu, datastore, directory, filledIn }: Attached): Record<string, unknown> {
  return {
    type: "calico",
    log_level: "info",
    log_file_path: "/var/log/calico/cni/cni.log",
    ...datastoreOf(datastore),
    ...(filledIn && { nodename: "__KUBERNETES_NODE_NAME__" }),
    mtu,
    ipam: ipam === "host-local" ? hostLocal(families) : calicoIpam(families),
    policy: { type: "k8s" },
    kubernetes: { kubeconfig: filledIn ? "__KUBECONFIG_FILEPATH__" : kubeconfigPath(directory) },
  };
}

/** Where the plugin finds etcd; the installer puts the paths of certificates that it copied in the place of their names. */
export function etcdOfPlugin({ endpoints, tlsSecret }: Extract<Datastore, { type: "etcd" }>): Record<string, unknown> {
  const files = {
    etcd_key_file: "__ETCD_KEY_FILE__",
    etcd_cert_file: "__ETCD_CERT_FILE__",
    etcd_ca_cert_file: "__ETCD_CA_CERT_FILE__",
  };
  return { datastore_type: "etcdv3", etcd_endpoints: endpoints.join(","), ...(tlsSecret && files) };
}

function datastoreOf(datastore: Datastore): Record<string, unknown> {
  return datastore.type === "kubernetes" ? { datastore_type: "kubernetes" } : etcdOfPlugin(datastore);
}

function calicoIpam(families: readonly Family[]): Record<string, unknown> {
  return {
    type: "calico-ipam",
    assign_ipv4: String(families.includes("ipv4")),
    assign_ipv6: String(families.includes("ipv6")),
  };
}

/** The plugin puts the node's own podCIDR in the place of these words. */
function hostLocal(families: readonly Family[]): Record<string, unknown> {
  const subnets = families.map((family) => (family === "ipv4" ? "usePodCidr" : "usePodCidrIPv6"));
  return subnets.length === 1
    ? { type: "host-local", subnet: subnets[0] }
    : { type: "host-local", ranges: subnets.map((subnet) => [{ subnet }]) };
}
