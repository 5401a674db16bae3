/** What an object is called, and what others find it by. */
export interface Metadata {
  name: string;
  /** Left out: the object belongs to the cluster. */
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/**
 * One object of the Kubernetes API, as it is applied. Values that are secrets or not known yet may stand anywhere in it
 * as Pulumi outputs; what is built here does not look into them.
 */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: unknown;
}

/** Labels of all objects of one network, in Kubernetes' recommended words. `network` is the component's name. */
export function labelsOf(system: string, network: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": system,
    "app.kubernetes.io/instance": network,
    "app.kubernetes.io/managed-by": "podnet",
  };
}

/** How much a pod may do on its node (Pod Security Standards). */
export type PodSecurity = "privileged" | "baseline" | "restricted";

/** A namespace whose pods may do what the network's pods must: a cluster's own default may forbid host networking. */
export function namespace({ labels, ...metadata }: Metadata, podSecurity: PodSecurity): KubernetesObject {
  const enforced = { ...labels, "pod-security.kubernetes.io/enforce": podSecurity };
  return { apiVersion: "v1", kind: "Namespace", metadata: { ...metadata, labels: enforced } };
}

export function configMap(metadata: Metadata, data: Record<string, string>): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}

/** Values are Pulumi secrets, or text in a test. */
export function secret(metadata: Metadata, values: Record<string, unknown>): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData: values };
}
