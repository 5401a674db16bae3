import {
  type Container,
  configMapKey,
  type EnvironmentVariable,
  fieldRef,
  type MountedVolume,
  values,
} from "../kubernetes/pod";
import type { OvnKubernetesSettings } from "./complete";
import { mountsOf } from "./mounts";
import { names } from "./names";
import { seriesOf } from "./version";

/** One program of OVN-Kubernetes' image, of which each is a word of its script. */
interface Program {
  name: string;
  word: string;
  env: readonly EnvironmentVariable[];
  mounted: readonly MountedVolume[];
  capabilities?: string[];
  privileged?: true;
  /** What its probe is called. */
  probe?: string;
}

export function container(
  { image, requests, version }: OvnKubernetesSettings,
  { name, word, env, mounted, capabilities, privileged, probe }: Program,
): Container {
  return {
    name,
    image: `${image.repository}:${image.tag}`,
    imagePullPolicy: image.pullPolicy,
    command: ["/root/ovnkube.sh", word],
    // The script ends where the objects are of another release than it is.
    env: [...values({ OVN_DAEMONSET_VERSION: `${seriesOf(version)}.0` }), ...env],
    resources: { requests: { ...requests } },
    securityContext: {
      runAsUser: 0,
      ...(privileged ? { privileged } : {}),
      ...(capabilities && { capabilities: { add: capabilities } }),
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
    ...(probe && {
      readinessProbe: {
        exec: { command: ["/usr/bin/ovn-kube-util", "readiness-probe", "-t", probe] },
        initialDelaySeconds: 30,
        timeoutSeconds: 30,
        periodSeconds: 60,
      },
    }),
    volumeMounts: mountsOf(mounted),
  };
}

const ofConfig = (name: string, key: string) => configMapKey(name, names.config, key);

export const apiServer = ofConfig("K8S_APISERVER", "k8s_apiserver");
export const networks = [
  ofConfig("OVN_NET_CIDR", "net_cidr"),
  ofConfig("OVN_SVC_CIDR", "svc_cidr"),
  ofConfig("OVN_HOST_NETWORK_NAMESPACE", "host_network_namespace"),
];
export const mtu = ofConfig("OVN_MTU", "mtu");
export const ownNamespace = fieldRef("OVN_KUBERNETES_NAMESPACE", "metadata.namespace");
export const ownNode = [fieldRef("K8S_NODE", "spec.nodeName"), fieldRef("K8S_NODE_IP", "status.hostIP")];
/** Each node has databases of its own, at sockets. */
export const localDatabases = values({ OVN_NORTH: "local", OVN_SOUTH: "local" });
