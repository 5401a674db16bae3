import type { Problem } from "../addresses/problem";
import type { RomanaSettings } from "./complete";

/** Kubernetes' release that took away extensions/v1beta1. */
const without = 16;

/**
 * Romana's listener waits a minute for policies of extensions/v1beta1, and ends: where the API is gone it is started again
 * and again. Romana's addresses and routes need it not.
 */
export function policyProblems({ policies, attach, kubernetesVersion }: RomanaSettings): Problem[] {
  if (!policies) return [];
  const beside = "leave policies out, and make a CalicoNetwork for policy alone beside it";
  if (attach === "cni")
    return [
      { path: "policies", value: "true", rule: "none of Romana's programs runs that would enforce them", fix: beside },
    ];
  const minor = Number(kubernetesVersion?.split(".")[1] ?? without);
  if (minor < without) return [];
  return [
    {
      path: "policies",
      value: "true",
      rule: `Romana's listener reads policies of extensions/v1beta1, which Kubernetes 1.${without} took away: it would end and be started again for ever`,
      fix: `${beside}; for an older cluster say kubernetesVersion`,
    },
  ];
}
