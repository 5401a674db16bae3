import type { KubernetesObject, Metadata } from "./object";
import type { Container, Volume } from "./pod";

export interface HostDaemonSet {
  metadata: Metadata & { namespace: string };
  /** Labels that its pods are found by. They can never change: Kubernetes refuses it. */
  selector: Record<string, string>;
  /** What pods are made anew for when it changes: hashes of configuration that is read only at start. */
  annotations?: Record<string, string>;
  serviceAccount: string;
  initContainers?: Container[];
  containers: Container[];
  volumes: Volume[];
  /** Nodes that have no running pod of it during a change: a number, or a share such as "25%". */
  maxUnavailable: number | string;
  /** Seconds that a pod must be ready before the next node's is changed. @default 0 */
  minReadySeconds?: number;
  /** Further labels that a node must have. Linux is always asked for. */
  nodeSelector?: Record<string, string>;
  /** Further fields of the pod. */
  pod?: Record<string, unknown>;
}

/**
 * One pod of the network on every Linux node, in the node's own network. It tolerates every taint: a node without its
 * network stays tainted as not ready, and waits for this very pod.
 */
export function hostDaemonSet(set: HostDaemonSet): KubernetesObject {
  const { metadata, selector, annotations, initContainers = [], containers, volumes } = set;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata,
    spec: {
      selector: { matchLabels: selector },
      ...(set.minReadySeconds !== undefined && { minReadySeconds: set.minReadySeconds }),
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: set.maxUnavailable } },
      template: {
        metadata: { labels: { ...metadata.labels, ...selector }, ...(annotations && { annotations }) },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux", ...set.nodeSelector },
          hostNetwork: true,
          priorityClassName: "system-node-critical",
          serviceAccountName: set.serviceAccount,
          tolerations: [{ operator: "Exists" }],
          ...set.pod,
          ...(initContainers.length > 0 && { initContainers }),
          containers,
          volumes,
        },
      },
    },
  };
}

export interface SingleDeployment {
  metadata: Metadata & { namespace: string };
  /** Labels that its pod is found by. They can never change: Kubernetes refuses it. */
  selector: Record<string, string>;
  /** What the pod is made anew for when it changes. */
  annotations?: Record<string, string> | undefined;
  /** The pod's own fields. */
  pod: object;
}

/** One pod for the whole cluster. Another comes only when it has ended: of two, one would find its port or its work taken. */
export function singleDeployment({ metadata, selector, annotations, pod }: SingleDeployment): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      strategy: { type: "Recreate" },
      template: {
        metadata: { labels: { ...metadata.labels, ...selector }, ...(annotations && { annotations }) },
        spec: pod,
      },
    },
  };
}
