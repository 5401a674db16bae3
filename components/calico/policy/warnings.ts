import type { PolicySettings } from "./settings";

/** Where Calico puts the NetworkPolicies of Kubernetes, in the tier default (libcalico-go's conversion). */
const networkPolicies = 1000;

/**
 * What is likely not meant. `pass` leaves the tier, and with it every policy that stands behind; of equal orders the
 * names decide, and those of NetworkPolicies come last.
 */
export function policyWarnings({ globalPolicies }: Pick<PolicySettings, "globalPolicies">): string[] {
  return Object.entries(globalPolicies)
    .filter(([, { tier, order }]) => tier === "default" && order <= networkPolicies)
    .filter(([, { ingress = [], egress = [] }]) => [...ingress, ...egress].some(({ action }) => action === "pass"))
    .map(
      ([name, { order }]) =>
        `globalPolicies.${name} passes at order ${order} of the tier default: what it passes is asked of no NetworkPolicy, which stand at ${networkPolicies} there; give it a tier of its own, or an order above ${networkPolicies}`,
    );
}
