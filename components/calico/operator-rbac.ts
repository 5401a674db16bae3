import { allow, type Permission } from "../kubernetes/rbac";

const read = ["get", "list", "watch"];
const all = [...read, "create", "update", "patch", "delete"];
const crds = (group: string, ...names: string[]) => names.map((name) => `${name}.${group}`);

/**
 * What Tigera's operator does in a cluster. It makes roles that it does not have itself (escalate and bind), so whoever
 * controls it controls the cluster.
 */
export const operatorPermissions: Permission[] = [
  allow(
    "",
    ["namespaces", "pods", "podtemplates", "services", "endpoints", "events", "configmaps", "serviceaccounts"],
    all,
  ),
  allow("", ["resourcequotas", "secrets"], read),
  allow("", ["resourcequotas"], all, ["calico-critical-pods", "tigera-critical-pods"]),
  allow("", ["nodes"], [...read, "patch"]),
  allow("authentication.k8s.io", ["tokenreviews"], ["create"]),
  allow(
    "rbac.authorization.k8s.io",
    ["clusterroles", "clusterrolebindings", "roles", "rolebindings"],
    [...all, "bind", "escalate"],
  ),
  allow("apps", ["deployments", "daemonsets", "statefulsets"], all),
  allow("apps", ["deployments/finalizers"], ["update"], ["tigera-operator"]),
  allow("operator.tigera.io", ["*"], all),
  allow("networking.k8s.io", ["networkpolicies"], all),
  allow("crd.projectcalico.org", ["*"], [...read, "create", "patch"]),
  allow("projectcalico.org", ["ippools", "networkpolicies", "globalnetworkpolicies", "networksets", "tiers"], all),
  allow("projectcalico.org", ["tier.networkpolicies", "tier.globalnetworkpolicies"], all),
  allow("projectcalico.org", ["*"], read),
  allow("scheduling.k8s.io", ["priorityclasses"], all),
  allow("policy", ["poddisruptionbudgets"], all),
  allow("apiregistration.k8s.io", ["apiservices"], all),
  allow("discovery.k8s.io", ["endpointslices"], read),
  allow(
    "admissionregistration.k8s.io",
    [
      "mutatingadmissionpolicies",
      "mutatingadmissionpolicybindings",
      "mutatingwebhookconfigurations",
      "validatingadmissionpolicies",
      "validatingadmissionpolicybindings",
      "validatingwebhookconfigurations",
    ],
    all,
  ),
  allow("coordination.k8s.io", ["leases"], all),
  allow("storage.k8s.io", ["csidrivers"], all),
  allow("certificates.k8s.io", ["certificatesigningrequests"], ["list", "watch"]),
  allow("apiextensions.k8s.io", ["customresourcedefinitions"], read),
  // It becomes the owner of this one, which other networks bring too.
  allow(
    "apiextensions.k8s.io",
    ["customresourcedefinitions"],
    ["update", "delete"],
    crds("policy.networking.k8s.io", "clusternetworkpolicies"),
  ),
];

/** Secrets that it writes: only in namespaces where this is bound. */
export const operatorSecretPermissions: Permission[] = [allow("", ["secrets"], ["create", "update", "delete"])];
