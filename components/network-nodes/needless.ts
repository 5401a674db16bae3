import type { Problem } from "../addresses/problem";

/**
 * What is done to nodes needs to know them.
 *
 * @param wanted settings that change nodes, by their paths, and whether they are said; asked only where there are no nodes
 */
export function needlessNodes(wanted: Record<string, boolean>): Problem[] {
  return Object.entries(wanted)
    .filter(([, said]) => said)
    .map(([path]) => ({
      path,
      rule: `${path} changes nodes, and there are none`,
      fix: "say nodes: Inventory.fromFile(path)",
    }));
}
