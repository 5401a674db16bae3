import type { KubernetesObject, Metadata } from "../kubernetes/object";
import {
  allow,
  clusterRole,
  clusterRoleBinding,
  type Permission,
  role,
  roleBinding,
  serviceAccount,
} from "../kubernetes/rbac";
import type { OvnKubernetesSettings } from "./complete";
import { names } from "./names";

const read = ["get", "list", "watch"];
const change = ["patch", "update"];
const ovnKinds = ["egressips", "egressservices", "egressfirewalls", "egressqoses", "adminpolicybasedexternalroutes"];
const status = (kinds: string[]) => kinds.map((kind) => `${kind}/status`);
const policies = ["adminnetworkpolicies", "baselineadminnetworkpolicies"];

/** What both the cluster manager and nodes look at. */
const looking: Permission[] = [
  allow("", ["namespaces", "nodes", "pods", "services", "endpoints"], read),
  allow("discovery.k8s.io", ["endpointslices"], read),
  allow("k8s.cni.cncf.io", ["network-attachment-definitions", "ipamclaims", "multi-networkpolicies"], read),
  allow("k8s.ovn.org", ovnKinds, read),
  allow("policy.networking.k8s.io", policies, read),
  allow("", ["events"], ["create", "patch", "update"]),
  allow("k8s.cni.cncf.io", ["ipamclaims/status"], change),
];

/** A node says in the status of objects what it made of them, and notes what it is in its own Node. */
const node: Permission[] = [
  ...looking,
  allow("networking.k8s.io", ["networkpolicies"], read),
  allow("k8s.ovn.org", status(["egressfirewalls", "adminpolicybasedexternalroutes", "egressqoses"]), change),
  allow("policy.networking.k8s.io", status(policies), change),
  allow("", ["namespaces/status", "pods/status", "nodes/status"], change),
];

const clusterManager: Permission[] = [
  ...looking,
  allow("k8s.ovn.org", ["egressips", ...status(ovnKinds)], change),
  allow("policy.networking.k8s.io", status(policies), change),
  allow("", ["pods/status", "nodes/status", "services/status"], change),
];

const identity: Permission[] = [
  allow("certificates.k8s.io", ["certificatesigningrequests"], read),
  allow("certificates.k8s.io", ["certificatesigningrequests/approval"], ["update"]),
  allow("certificates.k8s.io", ["signers"], ["approve"], ["kubernetes.io/kube-apiserver-client"]),
  allow("", ["nodes", "pods"], read),
  allow("", ["events"], ["create", "patch", "update"]),
];

/** Accounts of OVN-Kubernetes' programs and what they may do. */
export function rbac(settings: OvnKubernetesSettings, labels: Record<string, string>): KubernetesObject[] {
  const named = (name: string) => ({ name, namespace: names.namespace, labels });
  const account = (name: string) => [{ name, namespace: names.namespace }];
  const { enabled } = settings.identity;
  const configMaps = "ovn-k8s-configmap";
  // With an identity of its own each node is a user of this group; its account only brings it there.
  const asNode = (binding: KubernetesObject): KubernetesObject =>
    enabled ? { ...binding, subjects: [nodesGroup] } : binding;
  const withRole = (name: string, rules: Permission[]) => [
    serviceAccount(named(name)),
    clusterRole(named(name), rules),
  ];
  return [
    ...withRole(names.node, [
      ...node,
      ...(enabled ? [allow("certificates.k8s.io", ["certificatesigningrequests"], ["create", ...read])] : []),
    ]),
    asNode(clusterRoleBinding(named(names.node), names.node, account(names.node))),
    clusterRole(named("ovnkube-node-reader"), [allow("", ["nodes"], read)]),
    clusterRoleBinding(named("ovnkube-node-reader"), "ovnkube-node-reader", account(names.node)),
    role(named(configMaps), [
      allow("", ["configmaps"], read),
      allow("coordination.k8s.io", ["leases"], ["create", "get", "list", "update"]),
    ]),
    role(named("ovn-k8s-configmap-update"), [allow("", ["configmaps"], ["create", "update", "patch"])]),
    asNode(roleBinding(named("ovnkube-node-configmaps"), configMaps, account(names.node))),
    asNode(roleBinding(named("ovnkube-node-configmaps-update"), "ovn-k8s-configmap-update", account(names.node))),
    ...withRole(names.clusterManager, clusterManager),
    clusterRoleBinding(named(names.clusterManager), names.clusterManager, account(names.clusterManager)),
    ...bound(named("ovnkube-cluster-manager-configmaps"), configMaps, names.clusterManager),
    ...(enabled
      ? [
          ...withRole(names.identity, identity),
          clusterRoleBinding(named(names.identity), names.identity, account(names.identity)),
          ...bound(named("ovnkube-identity-configmaps"), configMaps, names.identity),
        ]
      : []),
  ];
}

const nodesGroup = { kind: "Group", name: "system:ovn-nodes", apiGroup: "rbac.authorization.k8s.io" };

function bound(metadata: Metadata & { namespace: string }, roleName: string, account: string): KubernetesObject[] {
  return [roleBinding(metadata, roleName, [{ name: account, namespace: names.namespace }])];
}
