import { settingsProblems, settingsWarnings } from "../../../components/calico-hosts/check";
import { complete } from "../../../components/calico-hosts/complete";
import { type CalicoHostsArgs, calicoHostsSettings } from "../../../components/calico-hosts/settings";
import type { InventoryInput } from "../../../components/inventory";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<CalicoHostsArgs, "nodes"> & { nodes: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof calicoHostsSettings, ReturnType<typeof complete>>(
  {
    type: "CalicoHosts",
    schema: calicoHostsSettings,
    problems: settingsProblems,
    complete,
    warnings: settingsWarnings,
  },
  "edge",
);

/** Three hosts in one segment. */
export const rack: InventoryInput = {
  segments: { a: { subnets: ["198.18.0.0/22"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" } },
    node2: { connection: { host: "198.18.0.12" } },
    node3: { connection: { host: "198.18.0.13" } },
  },
};
