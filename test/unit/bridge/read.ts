import { settingsProblems, settingsWarnings } from "../../../components/bridge/check";
import { complete } from "../../../components/bridge/complete";
import { type BridgeNetworkArgs, bridgeSettings } from "../../../components/bridge/settings";
import type { InventoryInput } from "../../../components/inventory";
import { reader } from "../reader";

export { twoSegments } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<BridgeNetworkArgs, "nodes"> & { nodes: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof bridgeSettings, ReturnType<typeof complete>>({
  type: "BridgeNetwork",
  schema: bridgeSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
});
