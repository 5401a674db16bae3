import type { DoctorFacts } from "./facts";
import type { ExpectedNode, Finding, Severity } from "./finding";
import { neighbourFindings } from "./neighbours";
import { networkFindings } from "./network";
import { systemFindings } from "./system";

/** One finding and all nodes that have it. */
export interface GroupedFinding extends Finding {
  nodes: string[];
}

/** @param now seconds since 1970 by this machine's clock when the node read its own */
export function findings(facts: DoctorFacts, node: ExpectedNode, now: number): Finding[] {
  return [
    ...systemFindings(facts, node, facts.clock - now),
    ...networkFindings(facts, node),
    ...neighbourFindings(facts),
  ];
}

const order: Severity[] = ["blocking", "warning", "note"];

/** The same finding on many nodes is one; the worst first. */
export function grouped(perNode: Map<string, Finding[]>): GroupedFinding[] {
  const groups = new Map<string, GroupedFinding>();
  for (const [node, found] of perNode) {
    for (const one of found) {
      const key = JSON.stringify([one.severity, one.finding, one.wayOut]);
      const group = groups.get(key);
      if (group) group.nodes.push(node);
      else groups.set(key, { ...one, nodes: [node] });
    }
  }
  return [...groups.values()].sort((left, right) => order.indexOf(left.severity) - order.indexOf(right.severity));
}
