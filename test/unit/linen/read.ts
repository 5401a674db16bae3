import type { InventoryInput } from "../../../components/inventory";
import { settingsProblems, settingsWarnings } from "../../../components/linen/check";
import { complete } from "../../../components/linen/complete";
import { type LinenNetworkArgs, linenSettings } from "../../../components/linen/settings";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<LinenNetworkArgs, "nodes"> & { nodes: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof linenSettings, ReturnType<typeof complete>>({
  type: "LinenNetwork",
  schema: linenSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
});

/** A master and two minions. */
export const rack: InventoryInput = {
  nodes: {
    node1: { connection: { host: "198.18.0.11" } },
    node2: { connection: { host: "198.18.0.12" } },
    node3: { connection: { host: "198.18.0.13" } },
  },
};
export const star = { type: "star", hub: "node1" } as const;
