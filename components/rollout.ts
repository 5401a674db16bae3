import { z } from "zod";

/** How many nodes are changed at a time, and how long a node waits before it takes a change back. */
export const rollout = z.strictObject({
  /**
   * Nodes changed at the same time: a number, or a share such as "25%". A batch begins when the one before it is
   * proven to carry traffic; the first that is not ends the run.
   * @default "100%"
   */
  batch: z
    .union([z.int().min(1), z.string().regex(/^(100|[1-9]\d?)%$/, 'a number of nodes, or a share such as "25%"')])
    .default("100%"),
  /** Seconds until a node undoes a change that was not confirmed. @default 60 */
  windowSeconds: z.int().min(5).max(3600).default(60),
});

export type Rollout = z.output<typeof rollout>;

/** The nodes in batches, in their order. A share is rounded down, and is one node at the least. */
export function batches<Node>(nodes: readonly Node[], { batch }: Pick<Rollout, "batch">): Node[][] {
  const size =
    typeof batch === "number" ? batch : Math.max(1, Math.floor((nodes.length * Number.parseInt(batch, 10)) / 100));
  return Array.from({ length: Math.ceil(nodes.length / size) }, (_, index) =>
    nodes.slice(index * size, (index + 1) * size),
  );
}
