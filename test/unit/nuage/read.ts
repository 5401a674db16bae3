import type { NuageNetworkArgs } from "../../../components";
import type { InventoryInput } from "../../../components/inventory";
import { settingsProblems, settingsWarnings } from "../../../components/nuage/check";
import { complete } from "../../../components/nuage/complete";
import { nuageSettings } from "../../../components/nuage/settings";
import { rack } from "../contiv/read";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<Partial<NuageNetworkArgs>, "nodes"> & { nodes?: InventoryInput };

/** What every one of them must say. */
export const least = {
  podCidr: "70.70.0.0/16",
  vsd: { address: "vsd.example.com", certificate: "CERTIFICATE", key: "of the door" },
  vrs: { controllers: ["198.18.0.7", "198.18.0.8"] },
  monitor: { address: "198.18.0.3", nodes: ["node1"] },
} as const satisfies Partial<NuageNetworkArgs> | { vrs: { controllers: readonly string[] } };

const read = reader<Written, typeof nuageSettings, ReturnType<typeof complete>>({
  type: "NuageNetwork",
  schema: nuageSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  usual: least,
});

/** With the nodes that a case has not of its own. */
export const settingsOf = (written: Written, name?: string) => read.read({ nodes: rack, ...written }, name);
export const problems = (written: Written) => read.refusal({ nodes: rack, ...written });
export const warnings = (written: Written) => read.warnings({ nodes: rack, ...written });
