import { fullCoverageNodes, type VerificationSettings } from "./settings";

export type Coverage = NonNullable<VerificationSettings["coverage"]>;

/** The coverage in force: what the user said, or every pair on a small cluster and three peers a node on a large one. */
export function coverageOf(settings: Pick<VerificationSettings, "coverage" | "nodes">): Coverage {
  return settings.coverage ?? (settings.nodes.length <= fullCoverageNodes ? "full" : { peers: 3 });
}

/**
 * For each of `count` nodes, the nodes that its pod probes.
 *
 * With n peers a node, the nodes stand in a ring and each probes those at n fixed distances, spread over the ring:
 *
 *     count 12, peers 3: distances 1, 4, 8        0 ─► 1, 4, 8
 *                                                 1 ─► 2, 5, 9   and so on
 *
 * The same distances for everybody make each node a target exactly n times; distance 1 joins all nodes into one chain,
 * the others reach across racks, whose nodes usually stand side by side in an inventory.
 */
export function pairs(count: number, coverage: Coverage): number[][] {
  const others = count - 1;
  const peers = coverage === "full" ? others : Math.min(coverage.peers, others);
  const distances = Array.from({ length: peers }, (_, peer) => 1 + Math.floor((peer * others) / peers));
  return Array.from({ length: count }, (_, node) => distances.map((distance) => (node + distance) % count));
}

export function describeCoverage(coverage: Coverage): string {
  return coverage === "full" ? "every pair" : `${coverage.peers} peers a node`;
}
