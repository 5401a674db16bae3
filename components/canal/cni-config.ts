import { families } from "../addresses/families";
import { cniConfig, etcdOfPlugin, kubeconfigPath } from "../calico/cni-config";
import type { CanalSettings } from "./complete";

/**
 * The CNI configuration of every node. Pods hang on Calico's links, and have addresses of the node's podCIDR; with etcd
 * the flannel plugin hands the node's lease on to Calico's.
 */
export function canalConfig(settings: CanalSettings): string {
  const { podCidr, mtu, datastore, cni, agent } = settings;
  const filledIn = agent.type === "calico-node";
  const common = { families: families(podCidr), ipam: "host-local" as const, mtu, directory: cni.directory, filledIn };
  if (datastore.type === "kubernetes") return cniConfig({ ...common, datastore });
  const delegate = {
    type: "calico",
    include_default_routes: true,
    mtu,
    ...etcdOfPlugin(datastore),
    log_level: "info",
    policy: { type: "k8s", k8s_api_root: "https://__KUBERNETES_SERVICE_HOST__:__KUBERNETES_SERVICE_PORT__" },
    kubernetes: { kubeconfig: filledIn ? "__KUBECONFIG_FILEPATH__" : kubeconfigPath(cni.directory) },
  };
  const plugins = [
    { type: "flannel", delegate },
    { type: "portmap", snat: true, capabilities: { portMappings: true } },
  ];
  return `${JSON.stringify({ name: "canal", cniVersion: "0.3.1", plugins }, undefined, 2)}\n`;
}
