import { configMap, type KubernetesObject, labelsOf, secret } from "../kubernetes/object";
import { allow, clusterRole, clusterRoleBinding, role, roleBinding, serviceAccount } from "../kubernetes/rbac";
import { hostDaemonSet } from "../kubernetes/workload";
import type { KubernetesSettings, WeaveSettings } from "./complete";
import { containers, initContainers, volumes } from "./containers";
import { names } from "./names";

/** What objects have of the password: text in a test, Pulumi outputs otherwise. */
export interface GivenPassword {
  text: unknown;
  /** Another value when the password is another: weaver reads it only at its start. */
  mark: unknown;
}

/** All Kubernetes objects of a Weave network. */
export function objects(settings: WeaveSettings, password: GivenPassword | undefined): KubernetesObject[] {
  const labels = { ...labelsOf("weave", settings.name), name: names.weave };
  const metadata = { name: names.weave, namespace: names.namespace, labels };
  const account = [{ name: names.weave, namespace: names.namespace }];
  const read = ["get", "list", "watch"];
  return [
    serviceAccount(metadata),
    clusterRole(metadata, [
      allow("", ["pods", "namespaces", "nodes"], read),
      allow("networking.k8s.io", ["networkpolicies"], read),
      allow("", ["nodes/status"], ["patch", "update"]),
    ]),
    clusterRoleBinding(metadata, names.weave, account),
    role(metadata, [
      allow("", ["configmaps"], ["get", "update"], [names.weave]),
      allow("", ["configmaps"], ["create"]),
    ]),
    roleBinding(metadata, names.weave, account),
    // Peers note each other in its annotations. Weave makes it where it is not, and then nobody would take it away.
    configMap(metadata, {}),
    ...(password ? [secret({ ...metadata, name: names.secret }, { [names.secretKey]: password.text })] : []),
    daemonSet(settings, password, labels),
  ];
}

function daemonSet(
  settings: WeaveSettings,
  password: GivenPassword | undefined,
  labels: Record<string, string>,
): KubernetesObject {
  const { maxUnavailable, nodeSelector, pullSecrets, seLinuxOptions } = settings.kubernetes as KubernetesSettings;
  return hostDaemonSet({
    metadata: { name: names.weave, namespace: names.namespace, labels },
    // Weave's own, by which an installation that podnet did not make can be taken over.
    selector: { name: names.weave },
    ...(password && { annotations: { "podnet.dev/password": password.mark as string } }),
    serviceAccount: names.weave,
    minReadySeconds: 5,
    maxUnavailable,
    nodeSelector,
    initContainers: initContainers(settings),
    containers: containers(settings),
    volumes: volumes(settings).map(({ volume }) => volume),
    pod: {
      dnsPolicy: "ClusterFirstWithHostNet",
      ...(Object.keys(seLinuxOptions).length > 0 && { securityContext: { seLinuxOptions } }),
      ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    },
  });
}
