import { compare, IpAddress } from "../addresses/cidr";
import type { InventoryNode } from "../inventory";

/** Nodes in the order of their addresses: subnets then follow their next hops, and routes to all peers are one run. */
export function byAddress(nodes: readonly InventoryNode[]): InventoryNode[] {
  const first = ({ addresses }: InventoryNode) => IpAddress.parse(addresses[0] as string);
  return [...nodes].sort((left, right) => compare(first(left), first(right)));
}
