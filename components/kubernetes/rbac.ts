import type { KubernetesObject, Metadata } from "./object";

const group = "rbac.authorization.k8s.io";

/** What may be done to which resources: verbs on resources of API groups, "" being the core group. */
export interface Permission {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** A permission in one line: `allow("", ["nodes"], ["get", "list", "watch"])`. */
export function allow(apiGroup: string, resources: string[], verbs: string[], resourceNames?: string[]): Permission {
  return { apiGroups: [apiGroup], resources, verbs, ...(resourceNames && { resourceNames }) };
}

export function serviceAccount(metadata: Metadata): KubernetesObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

export function clusterRole({ namespace: _, ...metadata }: Metadata, rules: Permission[]): KubernetesObject {
  return { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata, rules };
}

/** Gives a cluster role to service accounts. */
export function clusterRoleBinding(
  { namespace: _, ...metadata }: Metadata,
  role: string,
  accounts: { name: string; namespace: string }[],
): KubernetesObject {
  return {
    apiVersion: `${group}/v1`,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
    subjects: accounts.map(({ name, namespace }) => ({ kind: "ServiceAccount", name, namespace })),
  };
}

/** Permissions in one namespace. */
export function role(metadata: Metadata & { namespace: string }, rules: Permission[]): KubernetesObject {
  return { apiVersion: `${group}/v1`, kind: "Role", metadata, rules };
}

/** Gives a role of a namespace to service accounts. */
export function roleBinding(
  metadata: Metadata & { namespace: string },
  name: string,
  accounts: { name: string; namespace: string }[],
): KubernetesObject {
  return {
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: group, kind: "Role", name },
    subjects: accounts.map((account) => ({ kind: "ServiceAccount", ...account })),
  };
}

/** A service account with a cluster role of its own, all of one name. */
export function accountWithRole(metadata: Metadata & { namespace: string }, rules: Permission[]): KubernetesObject[] {
  return [
    serviceAccount(metadata),
    clusterRole(metadata, rules),
    clusterRoleBinding(metadata, metadata.name, [{ name: metadata.name, namespace: metadata.namespace }]),
  ];
}
