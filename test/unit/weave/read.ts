import type { InventoryInput } from "../../../components/inventory";
import { settingsProblems, settingsWarnings } from "../../../components/weave/check";
import { complete } from "../../../components/weave/complete";
import { type WeaveNetworkArgs, weaveSettings } from "../../../components/weave/settings";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<WeaveNetworkArgs, "nodes"> & { nodes?: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof weaveSettings, ReturnType<typeof complete>>({
  type: "WeaveNetwork",
  schema: weaveSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
});

/** So many nodes of one segment. */
export function rack(count: number): InventoryInput {
  const nodes = Array.from({ length: count }, (_, index) => [
    `node${index + 1}`,
    { connection: { host: `198.18.${Math.floor((index + 11) / 250)}.${(index + 11) % 250}` } },
  ]);
  return { segments: { a: { subnets: ["198.18.0.0/20"] } }, nodes: Object.fromEntries(nodes) };
}
