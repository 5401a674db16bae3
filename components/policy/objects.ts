import type { KubernetesObject } from "../kubernetes/object";
import { clusterNetworkPolicies } from "./cluster-network-policy";
import type { PolicySettings } from "./complete";
import { globalNetworkPolicies } from "./global-network-policy";
import { isMetadataDenied } from "./metadata";
import { networkPolicies } from "./network-policy";

/** Everything that the baseline is in the cluster, in the form that was asked for. */
export function objects(settings: PolicySettings): KubernetesObject[] {
  const { form, baseline, tier, priority, openings, cni, nuagePriority } = settings;
  if (form === "NetworkPolicy")
    return cni === "nuage" ? withPriorities(networkPolicies(baseline), nuagePriority) : networkPolicies(baseline);
  if (form === "GlobalNetworkPolicy") return globalNetworkPolicies(baseline, settings);
  return clusterNetworkPolicies(baseline, {
    tier,
    priority,
    denyMetadata: isMetadataDenied(openings.metadata, baseline),
  });
}

/** Nuage's own label, without which it takes no policy, and which no two of them share. */
function withPriorities(policies: readonly KubernetesObject[], first: number): KubernetesObject[] {
  return policies.map((policy, index) => ({
    ...policy,
    metadata: { ...policy.metadata, labels: { ...policy.metadata.labels, "nuage.io/priority": String(first + index) } },
  }));
}
