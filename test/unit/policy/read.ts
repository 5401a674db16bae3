import type { InventoryInput } from "../../../components/inventory";
import { settingsProblems } from "../../../components/policy/check";
import { complete } from "../../../components/policy/complete";
import { type PolicyBaselineArgs, policySettings } from "../../../components/policy/settings";
import { settingsWarnings } from "../../../components/policy/warnings";
import { reader } from "../reader";

/** Settings as a test writes them: two namespaces behind Canal unless it is said. */
export type Written = Partial<Omit<PolicyBaselineArgs, "nodes">> & { nodes?: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof policySettings, ReturnType<typeof complete>>(
  {
    type: "PolicyBaseline",
    schema: policySettings,
    problems: settingsProblems,
    complete,
    warnings: settingsWarnings,
    usual: { cni: "canal", namespaces: { names: ["web", "shop"] } },
  },
  "baseline",
);
