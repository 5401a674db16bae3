import { UserError } from "../errors";
import type { Inventory, InventoryNode } from "../inventory";
import { byAddress } from "./by-address";

/** The nodes that probes of a network are sent from. Throws where it was given none. */
export function probedNodes(subject: string, nodes: Inventory | undefined): InventoryNode[] {
  if (nodes) return byAddress(nodes.nodes);
  const rule = "probes are sent from nodes, and there are none";
  throw new UserError(subject, [{ path: "nodes", rule, fix: "say nodes: Inventory.fromFile(path)" }]);
}
