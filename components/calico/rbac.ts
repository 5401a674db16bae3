import type { KubernetesObject, Metadata } from "../kubernetes/object";
import { accountWithRole, allow, type Permission, role, roleBinding } from "../kubernetes/rbac";

const crd = "crd.projectcalico.org";
const read = ["get", "list", "watch"];
const write = ["create", "update", "delete"];

interface Role {
  ipam: "calico-ipam" | "host-local";
  /** Whether Calico's resources are in the Kubernetes API. */
  kubernetesDatastore: boolean;
  /** Whether calico-node runs, whose start-up writes, or Felix alone. */
  startsUp: boolean;
  /** Whether flanneld has the same account: it writes its own annotations on its node. @default false */
  flanneld?: boolean;
}

/** What Felix reads: pods and who they are, policy, and Calico's own resources. */
const watched: Permission[] = [
  allow("", ["pods", "namespaces", "serviceaccounts", "nodes", "services", "endpoints"], read),
  allow("discovery.k8s.io", ["endpointslices"], ["list", "watch"]),
  allow("networking.k8s.io", ["networkpolicies"], ["list", "watch"]),
  // Cluster-wide policies of Kubernetes, from v3.31 on; a role may speak of what the cluster does not have.
  allow(
    "policy.networking.k8s.io",
    ["adminnetworkpolicies", "baselineadminnetworkpolicies", "clusternetworkpolicies"],
    ["list", "watch"],
  ),
  allow(
    crd,
    [
      "bgpconfigurations",
      "bgpfilters",
      "bgppeers",
      "blockaffinities",
      "caliconodestatuses",
      "clusterinformations",
      "felixconfigurations",
      "globalnetworkpolicies",
      "globalnetworksets",
      "hostendpoints",
      "ipamblocks",
      "ippools",
      "ipreservations",
      "networkpolicies",
      "networksets",
      "stagedglobalnetworkpolicies",
      "stagedkubernetesnetworkpolicies",
      "stagednetworkpolicies",
      "tiers",
    ],
    read,
  ),
];

/** What runs on nodes. */
function nodePermissions({ ipam, kubernetesDatastore, startsUp, flanneld }: Role): Permission[] {
  const token = allow("", ["serviceaccounts/token"], ["create"], ["calico-cni-plugin"]);
  if (!kubernetesDatastore)
    return [
      token,
      allow("", ["pods", "namespaces", "nodes"], ["get"]),
      // What kubeadm and Rancher note of a cluster: calico-node looks there at its start.
      allow("", ["configmaps"], ["get"]),
      allow("", ["nodes/status"], ["patch"]),
      allow("", ["endpoints", "services"], ["list", "watch"]),
      allow("discovery.k8s.io", ["endpointslices"], ["list", "watch"]),
    ];
  return [
    ...watched,
    ...(startsUp
      ? [
          token,
          // The pod CIDR that kubeadm was given.
          allow("", ["configmaps"], ["get"]),
          // Its addresses, as annotations; and that the network is available.
          allow("", ["nodes/status"], ["patch", "update"]),
          allow(
            crd,
            ["clusterinformations", "felixconfigurations", "ippools", "bgpconfigurations", "bgppeers"],
            ["create", "update"],
          ),
          allow(crd, ["tiers"], ["create"]),
          // Calico 2 had its version there: calico-node looks whether it must migrate, and ends when it may not look.
          allow(crd, ["globalfelixconfigs"], ["get"]),
          allow(crd, ["caliconodestatuses"], ["update"]),
          allow("", ["pods/status"], ["patch"]),
        ]
      : []),
    ...(flanneld && !startsUp ? [allow("", ["nodes/status"], ["patch"])] : []),
    ...(ipam === "calico-ipam" ? [...ipamPermissions, allow("apps", ["daemonsets"], ["get"])] : []),
  ];
}

/** A node's tunnel has an address of the pools too. */
const ipamPermissions: Permission[] = [
  allow(crd, ["blockaffinities", "ipamblocks", "ipamhandles"], [...read, ...write]),
  allow(crd, ["ipamconfigs"], ["get", "create"]),
];

/** What the CNI plugin does with the token on the node. */
function pluginPermissions({ ipam, kubernetesDatastore }: Pick<Role, "ipam" | "kubernetesDatastore">): Permission[] {
  return [
    allow("", ["pods", "nodes", "namespaces"], ["get"]),
    ...(kubernetesDatastore
      ? [
          allow("", ["pods/status"], ["patch"]),
          allow(crd, ["clusterinformations", "ippools", "ipreservations"], ["get", "list"]),
        ]
      : []),
    ...(kubernetesDatastore && ipam === "calico-ipam" ? ipamPermissions : []),
  ];
}

/** What the controllers clean up: addresses of pods that are gone, host endpoints of nodes that are gone. */
export function controllerPermissions(kubernetesDatastore: boolean): Permission[] {
  if (!kubernetesDatastore)
    return [
      allow("", ["pods", "nodes", "namespaces", "serviceaccounts", "services"], read),
      allow("", ["services/status"], ["update", "patch"]),
      allow("networking.k8s.io", ["networkpolicies"], ["list", "watch"]),
    ];
  return [
    allow("", ["pods", "nodes", "namespaces", "services"], read),
    allow("", ["services/status"], ["update", "patch"]),
    allow(crd, ["ipreservations"], ["list"]),
    allow(crd, ["blockaffinities", "ipamblocks", "ipamhandles", "tiers"], [...read, ...write]),
    allow(crd, ["ippools", "ipamconfigs"], read),
    allow(crd, ["hostendpoints"], [...read, ...write]),
    allow(crd, ["clusterinformations", "kubecontrollersconfigurations"], [...read, "create", "update"]),
  ];
}

type Placed = Metadata & { namespace: string };

/** The account of the pods on nodes, and the one whose token the CNI plugin has. */
export function nodeAccounts(metadata: Omit<Placed, "name">, name: string, of: Role): KubernetesObject[] {
  return [
    ...accountWithRole({ ...metadata, name }, nodePermissions(of)),
    ...accountWithRole({ ...metadata, name: "calico-cni-plugin" }, pluginPermissions(of)),
  ];
}

/** Lets calico-node read the Secrets with passwords of BGP, and no other. */
export function passwordAccess(place: Omit<Placed, "name">, secrets: readonly string[]): KubernetesObject[] {
  if (secrets.length === 0) return [];
  const metadata = { ...place, name: "calico-node-bgp-passwords" };
  return [
    role(metadata, [allow("", ["secrets"], read, [...secrets])]),
    roleBinding(metadata, metadata.name, [{ name: "calico-node", namespace: place.namespace }]),
  ];
}
