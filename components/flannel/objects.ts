import { configMap, type KubernetesObject, labelsOf, namespace, secret } from "../kubernetes/object";
import { allow, clusterRole, clusterRoleBinding, serviceAccount } from "../kubernetes/rbac";
import { hostDaemonSet } from "../kubernetes/workload";
import { cloudKeysOf, pskOf } from "./backends";
import type { FlannelSettings, KubernetesSettings } from "./complete";
import { conflist } from "./configuration";
import { flanneld, initContainers, volumes } from "./containers";
import { files, names } from "./names";

/** flannel's configuration as the objects take it: text, or a Pulumi output when there is a secret in it. */
export interface GivenConfiguration {
  netConf: unknown;
  /** Another value when netConf is another: flanneld reads it only at its start. */
  hash: unknown;
}

/** All Kubernetes objects of a flannel network. */
export function objects(settings: FlannelSettings, given: GivenConfiguration): KubernetesObject[] {
  const { name, backend } = settings;
  const { namespace: space } = settings.kubernetes as KubernetesSettings;
  const labels = labelsOf("flannel", name);
  const inSpace = (called: string) => ({ name: called, namespace: space, labels });
  const role = { name: names.clusterRole(name), labels };
  // With a pre-shared key in it the configuration is a Secret.
  const [open, hidden] =
    pskOf(backend) === undefined
      ? [{ [files.netConf]: given.netConf as string }, {}]
      : [{}, { [files.netConf]: given.netConf }];
  const secrets = { ...hidden, ...cloudKeysOf(backend) };
  return [
    namespace({ name: space, labels }, "privileged"),
    serviceAccount(inSpace(names.account)),
    clusterRole(role, [allow("", ["nodes"], ["get", "list", "watch"]), allow("", ["nodes/status"], ["patch"])]),
    clusterRoleBinding(role, role.name, [{ name: names.account, namespace: space }]),
    configMap(inSpace(names.configuration), { [files.cniConf]: conflist(settings), ...open }),
    ...(Object.keys(secrets).length > 0 ? [secret(inSpace(names.secret), secrets)] : []),
    daemonSet(settings, given, labels),
  ];
}

function daemonSet(settings: FlannelSettings, { hash }: GivenConfiguration, labels: Record<string, string>) {
  const { name } = settings;
  const { namespace: space, maxUnavailable, nodeSelector, pullSecrets } = settings.kubernetes as KubernetesSettings;
  return hostDaemonSet({
    metadata: { name: names.workload, namespace: space, labels },
    selector: { "app.kubernetes.io/name": "flannel", "app.kubernetes.io/instance": name },
    annotations: { "podnet/configuration": hash as string },
    serviceAccount: names.account,
    maxUnavailable,
    nodeSelector,
    initContainers: initContainers(settings),
    containers: [flanneld(settings)],
    volumes: volumes(settings).map(({ volume }) => volume),
    pod: pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((one) => ({ name: one })) } : {},
  });
}
