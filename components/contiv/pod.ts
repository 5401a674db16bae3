import { configMapKey, type EnvironmentVariable, fieldRef, values } from "../kubernetes/pod";
import type { ContivSettings } from "./complete";
import { apiServerUrl, ofFamily, storeUrl } from "./complete";

/** The ConfigMap that Contiv's programs are told everything by, under upstream's names. */
export const configName = "contiv-config";

/** The CNI configuration that netplugin-init writes; contivk8s speaks 0.3.1 at most. */
const cniConfig = { cniVersion: "0.3.1", name: "contiv-net", type: "contivk8s" } as const;

export function configuration(settings: ContivSettings): Record<string, string> {
  const { forwarding, encapsulation, vlanUplinks, serviceCidr } = settings;
  const account = "/var/run/secrets/kubernetes.io/serviceaccount";
  const kubernetes = {
    K8S_API_SERVER: apiServerUrl(settings),
    K8S_CA: `${account}/ca.crt`,
    // Left empty, the account's own token is read.
    K8S_KEY: "",
    K8S_CERT: "",
    K8S_TOKEN: "",
    SVC_SUBNET: String(ofFamily(serviceCidr, "ipv4")),
  };
  return {
    contiv_mode: "kubernetes",
    contiv_fwdmode: forwarding,
    contiv_netmode: encapsulation,
    contiv_etcd: storeUrl(settings),
    contiv_vlan_uplinks: vlanUplinks.join(","),
    contiv_cni_config: JSON.stringify(cniConfig, undefined, 2),
    contiv_k8s_config: JSON.stringify(kubernetes, undefined, 2),
  };
}

type Role = "netplugin" | "netmaster";

/** What a program is told by its environment: netplugin's and netmaster's variables differ by their prefix. */
export function variables(role: Role, { store, vlanUplinks, vxlanPort, aci }: ContivSettings): EnvironmentVariable[] {
  const prefix = `CONTIV_${role.toUpperCase()}`;
  const of = (name: string, key: string) => configMapKey(`${prefix}_${name}`, configName, key);
  return [
    ...values({ CONTIV_ROLE: role }),
    of("MODE", "contiv_mode"),
    ...(role === "netplugin" ? [fieldRef(`${prefix}_VTEP_IP`, "status.podIP")] : []),
    of(store.type === "consul" ? "CONSUL_ENDPOINTS" : "ETCD_ENDPOINTS", "contiv_etcd"),
    of("FORWARD_MODE", "contiv_fwdmode"),
    of("NET_MODE", "contiv_netmode"),
    ...(role === "netplugin" && vlanUplinks.length > 0 ? [of("VLAN_UPLINKS", "contiv_vlan_uplinks")] : []),
    ...(role === "netplugin" ? values({ [`${prefix}_VXLAN_PORT`]: String(vxlanPort) }) : []),
    ...(role === "netmaster" ? values({ [`${prefix}_INFRA`]: aci ? "aci" : "default" }) : []),
    configMapKey("CONTIV_K8S_CONFIG", configName, "contiv_k8s_config"),
  ];
}

/** What netplugin-init is told, which puts Contiv's configuration on the node. */
export function initVariables(role: Role): EnvironmentVariable[] {
  return [
    ...values({ CONTIV_ROLE: role }),
    configMapKey("CONTIV_MODE", configName, "contiv_mode"),
    configMapKey("CONTIV_K8S_CONFIG", configName, "contiv_k8s_config"),
    configMapKey("CONTIV_CNI_CONFIG", configName, "contiv_cni_config"),
  ];
}

/** Figures of one program, from what it keeps in the store. */
export function exporter(settings: ContivSettings, role: Role) {
  if (!settings.exporters) return [];
  return [
    {
      name: `${role}-exporter`,
      image: settings.images.exporter,
      imagePullPolicy: settings.pullPolicy,
      env: [configMapKey("CONTIV_ETCD", configName, "contiv_etcd"), ...values({ EXPORTER_MODE: role })],
    },
  ];
}

/** Annotations by which Prometheus finds it. */
export function scraped({ exporters }: ContivSettings, port: number): Record<string, string> {
  return exporters ? { "prometheus.io/scrape": "true", "prometheus.io/port": String(port) } : {};
}

/** A pod of the control plane: on its nodes, before there is a network, and one at a time. */
export function controlPlane(settings: ContivSettings, hostname?: string) {
  return {
    ...(hostname && { nodeSelector: { "kubernetes.io/os": "linux", "kubernetes.io/hostname": hostname } }),
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }] },
          ],
        },
      },
    },
    hostNetwork: true,
    priorityClassName: "system-cluster-critical",
    tolerations: [{ operator: "Exists" }],
    ...pulled(settings),
  };
}

export function pulled({ pullSecrets }: ContivSettings): Record<string, unknown> {
  return pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {};
}
