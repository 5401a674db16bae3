import { configMap, type KubernetesObject, labelsOf, secret } from "../kubernetes/object";
import { clusterRoleBinding, serviceAccount } from "../kubernetes/rbac";
import type { NuageSettings } from "./complete";
import { daemonConfig, monitorConfig, networkConfig, pluginConfig } from "./configuration";
import { cniDaemon, infraDaemon, monitorDaemon, type Place, strongswanDaemon, vrsDaemon } from "./daemons";
import { names } from "./names";
import { operatorObjects } from "./operator";

/** What the component knows of secrets: text in a test, Pulumi outputs otherwise. */
export interface Given {
  /** Another value when the VSD's user has another certificate: the monitor reads it at its start only. */
  userHash: unknown;
}

/** All Kubernetes objects of a Nuage network. */
export function objects(settings: NuageSettings, { userHash }: Given): KubernetesObject[] {
  const { name, namespace, install, vsd, infraTest, strongswan } = settings;
  const labels = labelsOf("nuage", name);
  const place: Place = { namespace, labels };
  const monitored = settings.monitor.nodes.map(labelled);
  if (install === "operator") return [...monitored, ...operatorObjects(settings, labels)];
  const node = { plugin_yaml_config: pluginConfig(settings), cni_yaml_config: daemonConfig(settings) };
  return [
    ...account(settings, place),
    secret({ ...place, name: names.vsdUser }, { "user.pem": vsd.certificate, "user-key.pem": vsd.key }),
    configMap(
      { ...place, name: names.master },
      { monitor_yaml_config: monitorConfig(settings), net_yaml_config: networkConfig(settings) },
    ),
    configMap({ ...place, name: names.node }, node),
    ...(infraTest ? [configMap({ ...place, name: names.infra }, infraConfig(settings))] : []),
    ...monitored,
    monitorDaemon(settings, place, userHash),
    vrsDaemon(settings, place),
    cniDaemon(settings, place, JSON.stringify(node)),
    ...(strongswan ? [strongswanDaemon(settings, place)] : []),
    ...(infraTest ? [infraDaemon(settings, place)] : []),
  ];
}

/**
 * Nuage's account, which upstream gives everything: neither its monitor nor its plugin says what it needs. Its token is a
 * Secret that is asked for, since Kubernetes makes none by itself.
 */
function account({ name }: NuageSettings, place: Place): KubernetesObject[] {
  const metadata = { ...place, name: names.account };
  return [
    serviceAccount(metadata),
    clusterRoleBinding({ name: `podnet-${name}-nuage`, labels: place.labels }, "cluster-admin", [
      { name: names.account, namespace: place.namespace },
    ]),
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...place, name: names.token, annotations: { "kubernetes.io/service-account.name": names.account } },
      type: "kubernetes.io/service-account-token",
    },
  ];
}

function infraConfig({ vsd, podCidr }: NuageSettings): Record<string, string> {
  return {
    enterprise_name: vsd.enterprise,
    domain_name: vsd.domain,
    vsd_user: vsd.user,
    pod_network_cidr: String(podCidr[0]),
    personality: "vrs",
  };
}

/** The label that the monitor's pods look for. */
function labelled(node: string): KubernetesObject {
  return { apiVersion: "v1", kind: "NodePatch", metadata: { name: node, labels: { "install-monitor": "true" } } };
}
