import type { NodeKind, NodeRequest } from "../../lab";

/** Up to this many nodes boot systemd; more are light, so that a machine with two cores bears them. */
const fullUpTo = 8;

/** Nodes node1 … nodeN; of three and more, the last third stands behind the router. */
export function nodeRequests(count: number, kind: NodeKind | undefined): NodeRequest[] {
  const behindRouter = Math.floor(count / 3);
  return Array.from({ length: count }, (_, index) => ({
    name: `node${index + 1}`,
    segment: index < count - behindRouter ? "a" : "b",
    kind: kind ?? (count <= fullUpTo ? "full" : "light"),
  }));
}
