import { configMap, type KubernetesObject, labelsOf, namespace } from "../kubernetes/object";
import type { OvnKubernetesSettings } from "./complete";
import { controlPlaneDeployment, identityDaemonSet } from "./control-plane";
import { clusterSubnets } from "./environment";
import { names } from "./names";
import { nodeDaemonSet, openvswitchDaemonSet } from "./node-pod";
import { rbac } from "./rbac";
import { type WebhookCertificate, webhookSecret, webhooks } from "./webhooks";

/**
 * All Kubernetes objects of an OVN-Kubernetes network but its definitions. The API server asks the webhooks before it
 * takes any status of a pod: they come once the programs that answer run, and go before them.
 */
export function objects(
  settings: OvnKubernetesSettings,
  certificate: WebhookCertificate | undefined,
): { first: KubernetesObject[]; second: KubernetesObject[] } {
  const labels = labelsOf("ovn-kubernetes", settings.name);
  const named = (name: string) => ({ name, namespace: names.namespace, labels });
  return {
    first: [
      namespace({ name: names.namespace, labels }, "privileged"),
      // No pod is ever in it.
      namespace({ name: names.hostNamespace, labels }, "restricted"),
      configMap(named(names.config), {
        net_cidr: clusterSubnets(settings),
        svc_cidr: settings.serviceCidr.join(","),
        k8s_apiserver: settings.apiServer.replace(/\/$/, ""),
        mtu: String(settings.mtu),
        host_network_namespace: names.hostNamespace,
      }),
      ...rbac(settings, labels),
      ...(certificate
        ? [webhookSecret(labels, certificate), identityDaemonSet(settings, named(names.identity), certificate.mark)]
        : []),
      ...(settings.openvswitch === "pod" ? [openvswitchDaemonSet(settings, named(names.openvswitch))] : []),
      controlPlaneDeployment(settings, named(names.controlPlane)),
      nodeDaemonSet(settings, named(names.node)),
    ],
    second: certificate ? webhooks(labels, certificate) : [],
  };
}
