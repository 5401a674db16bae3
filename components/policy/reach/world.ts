import type { Protocol } from "./traffic";

/** A port that a container declares. */
export interface ContainerPort {
  name?: string | undefined;
  protocol: Protocol;
  port: number;
}

export interface Namespace {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** A pod, or what a controller makes its pods of. */
export interface Workload {
  namespace: string;
  /** The pod's own name, or the controller's where only a manifest is known. */
  name: string;
  /** What made it, as "Deployment/web"; the pod itself where nothing did. */
  owner: string;
  labels: Readonly<Record<string, string>>;
  serviceAccount: string;
  ports: readonly ContainerPort[];
  /** None is known of a manifest on disk. */
  addresses: readonly string[];
  /** It has the node's addresses and is behind no policy for pods. */
  hostNetwork: boolean;
  node?: string | undefined;
}

export interface ServiceAccount {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
}

export interface KubernetesNode {
  name: string;
  labels: Readonly<Record<string, string>>;
  addresses: readonly string[];
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string | undefined; labels?: Record<string, string> | undefined };
  spec?: unknown;
}

/** All that decides who reaches whom. */
export interface World {
  namespaces: readonly Namespace[];
  workloads: readonly Workload[];
  serviceAccounts: readonly ServiceAccount[];
  nodes: readonly KubernetesNode[];
  /** NetworkPolicies of Kubernetes and of Calico, cluster-wide ones of both, Calico's tiers and network sets. */
  policies: readonly KubernetesObject[];
}
