import type { Problem } from "../addresses/problem";
import type { Inventory } from "../inventory";

/** Typhas that find a node each; the others would wait for one, and the update with them. */
export function typhaProblems({
  nodes,
  typha,
}: {
  nodes?: Inventory | undefined;
  typha: { replicas: number };
}): Problem[] {
  if (!nodes || typha.replicas <= nodes.nodes.length) return [];
  return [
    {
      path: "typha.replicas",
      value: String(typha.replicas),
      rule: `each Typha has a node's port, and there are fewer nodes (${nodes.nodes.length})`,
      fix: `take ${nodes.nodes.length} or fewer`,
    },
  ];
}
