import { Inventory, type InventoryNode } from "../components/inventory";
import { connection } from "../components/node/connection";

/** A node of an inventory file, with its connection as the SSH side wants it. */
export type ListedNode = Omit<InventoryNode, "connection"> & { connection: ReturnType<typeof connection.parse> };

/** The nodes of inventory files: podnet's own, Ansible's. */
export function readInventories(files: string[]): ListedNode[] {
  return files.flatMap((file) => {
    const inventory = Inventory.fromFile(file);
    for (const warning of inventory.warnings) console.error(`! ${warning}`);
    return inventory.nodes.map((node) => ({ ...node, connection: connection.parse(node.connection) }));
  });
}
