import type { Segment } from "./model";

/** Nodes that stand for one row of a map. */
export interface Block {
  name: string;
  nodes: string[];
}

/** Up to this many nodes each has a row of its own. */
const singlyUpTo = 32;

/** About as many rows a map may have and still be looked over. */
const mostBlocks = 24;

/**
 * The rows of a map over all nodes: each node, or neighbours of one segment together where there are many.
 *
 *     1,000 nodes, 2 segments    rack1: n1 – n42, rack1: n43 – n84, …, rack2: n501 – n542, …
 */
export function blocksOf(segments: readonly Segment[]): Block[] {
  const count = segments.reduce((sum, { nodes }) => sum + nodes.length, 0);
  if (count <= singlyUpTo) return segments.flatMap(({ nodes }) => nodes.map(({ name }) => ({ name, nodes: [name] })));
  return segments.flatMap(({ name, nodes }) => {
    const share = Math.max(1, Math.round((mostBlocks * nodes.length) / count));
    const size = Math.ceil(nodes.length / share);
    const chunks = Array.from({ length: Math.ceil(nodes.length / size) }, (_, index) =>
      nodes.slice(index * size, (index + 1) * size).map((node) => node.name),
    );
    const label = (chunk: string[]) =>
      chunks.length === 1 ? name : `${name}: ${chunk[0]}${chunk.length > 1 ? ` – ${chunk.at(-1)}` : ""}`;
    return chunks.map((chunk) => ({ name: label(chunk), nodes: chunk }));
  });
}
