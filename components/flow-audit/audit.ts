import { printable } from "../node/printable";
import type { Baseline } from "../policy/baseline";
import { cutBy, type Flow } from "../policy/flows";
import type { Workload } from "../policy/reach/world";
import type { NodeAnswer } from "./conntrack";

/** Live connections that a baseline would cut. */
export interface Audit {
  /** One line a group: who asks whom at which port, how many connections, and which direction closes them. */
  cut: string[];
  summary: string;
}

/**
 * Holds the nodes' connections against a baseline. A connection of two nodes is in both tables and counts once, by its
 * larger number. What a node's own processes ask its own pods is never cut.
 */
export function audit(baseline: Baseline, answers: readonly NodeAnswer[], limit: number): Audit {
  const pods = new Map<string, Workload>();
  const nodeOf = new Map<Workload, NodeAnswer>();
  for (const answer of answers)
    for (const pod of answer.pods.filter(({ hostNetwork }) => !hostNetwork)) {
      nodeOf.set(pod, answer);
      for (const address of pod.addresses) pods.set(address, pod);
    }
  const seen = new Map<string, { flow: Flow; count: number }>();
  for (const { connections } of answers)
    for (const { protocol, client, server, port, count } of connections) {
      const key = [protocol, client, server, port].join(" ");
      const flow = { from: client, to: server, protocol, port };
      seen.set(key, { flow, count: Math.max(count, seen.get(key)?.count ?? 0) });
    }
  const cuts = cutBy(baseline, [...nodeOf.keys()]);
  const groups = new Map<string, number>();
  let total = 0;
  for (const { flow, count } of seen.values()) {
    const { protocol, port } = flow;
    const [from, to] = [pods.get(flow.from), pods.get(flow.to)];
    if (to && nodeOf.get(to)?.addresses.includes(flow.from)) continue;
    total += count;
    const direction = cuts(flow);
    if (direction === undefined) continue;
    const ends = `${named(flow.from, from)} → ${named(flow.to, to)} ${protocol}/${port}`;
    // Names are what nodes say, and the lines are outputs, which a terminal shows.
    const line = printable(`${ends}, ${direction} of ${(direction === "ingress" ? to : from)?.namespace} is closed`);
    groups.set(line, (groups.get(line) ?? 0) + count);
  }
  const sorted = [...groups].toSorted(([one, left], [other, right]) => right - left || one.localeCompare(other));
  const cut = sorted.reduce((sum, [, count]) => sum + count, 0);
  const untold = answers.reduce((sum, one) => sum + one.untold, 0);
  return {
    cut: [
      ...sorted.slice(0, limit).map(([line, count]) => `${line} (${count})`),
      ...(sorted.length > limit ? [`… and ${sorted.length - limit} more groups`] : []),
    ],
    summary:
      `${cut} of ${total} live connections would be cut` +
      (untold > 0 ? `; ${untold} rarer groups of connections were not told by their nodes` : ""),
  };
}

function named(address: string, pod: Workload | undefined): string {
  return pod === undefined ? address : `${pod.namespace}/${pod.owner}`;
}
