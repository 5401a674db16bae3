import type { InventoryInput } from "../../../components/inventory";
import { settingsProblems, settingsWarnings } from "../../../components/romana/check";
import { complete } from "../../../components/romana/complete";
import { type RomanaNetworkArgs, romanaSettings } from "../../../components/romana/settings";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<RomanaNetworkArgs, "nodes"> & { nodes?: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof romanaSettings, ReturnType<typeof complete>>({
  type: "RomanaNetwork",
  schema: romanaSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
});

/** Three nodes of one segment. */
export const rack: InventoryInput = {
  segments: { a: { subnets: ["198.18.0.0/22"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, nic: "eth0" },
    node2: { connection: { host: "198.18.0.12" }, nic: "eth0" },
    node3: { connection: { host: "198.18.0.13" }, nic: "eth0" },
  },
};
