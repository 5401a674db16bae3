import { settingsProblems, settingsWarnings } from "../../../components/canal/check";
import { complete } from "../../../components/canal/complete";
import { type CanalNetworkArgs, canalSettings } from "../../../components/canal/settings";
import type { InventoryInput } from "../../../components/inventory";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place, and definitions that others keep unless it is said. */
export type Written = Partial<Omit<CanalNetworkArgs, "nodes">> & { nodes?: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof canalSettings, ReturnType<typeof complete>>({
  type: "CanalNetwork",
  schema: canalSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  usual: { crds: "present", podCidr: "10.244.0.0/16" },
});
