import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
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

/** Names of those fields that were said otherwise than they are when nothing is said. */
export function saidFields(fields: Record<string, z.ZodType>, values: object): string[] {
  const said = values as Record<string, unknown>;
  return Object.keys(fields).filter((name) => !isDeepStrictEqual(said[name], fields[name]?.parse(undefined)));
}
