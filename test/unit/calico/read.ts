import { settingsProblems, settingsWarnings } from "../../../components/calico/check";
import { complete } from "../../../components/calico/complete";
import { type CalicoNetworkArgs, calicoSettings } from "../../../components/calico/settings";
import type { InventoryInput } from "../../../components/inventory";
import { reader } from "../reader";

export { twoSegments } from "../reader";

/** Settings as a test writes them: the inventory in place, and definitions that others keep unless it is said. */
export type Written = Partial<Omit<CalicoNetworkArgs, "nodes">> & { nodes?: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof calicoSettings, ReturnType<typeof complete>>({
  type: "CalicoNetwork",
  schema: calicoSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  usual: { crds: "present", podCidr: "10.244.0.0/16" },
});

/** Images that have only what was built of the Go modules. */
export const felixAgent = { type: "felix", felixImage: "lab/calico-felix:1", pluginImage: "lab/calico-cni:1" } as const;
