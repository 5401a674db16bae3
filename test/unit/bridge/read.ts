import { settingsProblems, settingsWarnings } from "../../../components/bridge/check";
import { complete } from "../../../components/bridge/complete";
import { type BridgeNetworkArgs, bridgeSettings } from "../../../components/bridge/settings";
import type { InventoryInput } from "../../../components/inventory";
import { reader, twoSegments } from "../reader";

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

/** Two segments with a tunnel between them. */
export const good: Written = { nodes: twoSegments, podCidr: "10.244.0.0/16", crossSegment: "vxlan" };

/** One segment, whose NICs may move into a bridge. */
export const rack: InventoryInput = {
  segments: { a: { subnets: ["198.18.0.0/22"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, nic: "eth0" },
    node2: { connection: { host: "198.18.0.12" }, nic: "eth0" },
  },
};
export const flat: Written = {
  nodes: rack,
  shape: "flat",
  podCidr: "198.18.0.0/22",
  flat: { gateway: "198.18.0.1", pool: "198.18.3.0/24" },
};
