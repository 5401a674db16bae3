import type { ContivNetworkArgs } from "../../../components";
import { settingsProblems, settingsWarnings } from "../../../components/contiv/check";
import { complete } from "../../../components/contiv/complete";
import { contivSettings } from "../../../components/contiv/settings";
import type { InventoryInput } from "../../../components/inventory";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<Partial<ContivNetworkArgs>, "nodes"> & { nodes?: InventoryInput };

/** Two nodes of one segment. */
export const rack: InventoryInput = {
  segments: { a: { subnets: ["198.18.0.0/22"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, addresses: ["198.18.0.11"], nic: "eth0" },
    node2: { connection: { host: "198.18.0.12" }, addresses: ["198.18.0.12"], nic: "eth0" },
  },
};

/** What every one of them must say. */
export const least = {
  legacy: true,
  podCidr: "20.1.0.0/16",
  images: { netplugin: "registry.example.com/contiv/netplugin:head" },
} as const;

const read = reader<Written, typeof contivSettings, ReturnType<typeof complete>>({
  type: "ContivNetwork",
  schema: contivSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  usual: least,
});

export const { refusal, warnings } = read;
/** With the nodes that a case has not of its own. */
export const settingsOf = (written: Written, name?: string) => read.read({ nodes: rack, ...written }, name);
export const problems = (written: Written) => refusal({ nodes: rack, ...written });
