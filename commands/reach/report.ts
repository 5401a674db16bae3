import Table from "cli-table3";
import type { Allowed } from "../../components/policy/reach/connections";
import { deciderWords } from "../../components/policy/reach/decider";
import type { Change, Difference } from "../../components/policy/reach/diff";
import { endpointWords } from "../../components/policy/reach/group";
import type { Reachability } from "../../components/policy/reach/reachability";
import { trafficWords } from "../../components/policy/reach/traffic-words";
import type { Answer } from "../../components/policy/reach/why";

/** A group of allowed connections in words. */
export interface Line {
  from: string;
  to: string;
  traffic: string;
  because: string[];
}

export function lineOf({ from, to, what, because }: Allowed, reach: Reachability): Line {
  const families = reach.families(from[0] as number, to[0] as number);
  const deciders = because.flatMap(({ egress, ingress }) => [egress, ingress]);
  const rules = deciders.filter(({ policy }) => policy !== undefined).map(deciderWords);
  return {
    from: endpointWords(from, reach.endpoints),
    to: endpointWords(to, reach.endpoints),
    traffic: trafficWords(reach.traffic(what), families),
    because: rules.length > 0 ? [...new Set(rules)] : ["no policy selects them"],
  };
}

const plain = { style: { head: [], border: [], compact: true } };

export function connectionsTable(lines: readonly Line[]): string {
  if (lines.length === 0) return "no connection is allowed";
  const table = new Table({ head: ["from", "to", "allowed", "because of"], ...plain });
  for (const { from, to, traffic, because } of lines) table.push([from, to, traffic, because.join("\n")]);
  return table.toString();
}

export function whyTable(answers: readonly Answer[]): string {
  const table = new Table({ head: ["", "what", "where it leaves", "where it arrives"], ...plain });
  for (const { traffic, allowed, egress, ingress } of answers)
    table.push([allowed ? "✔" : "✖", traffic, egress, ingress]);
  return table.toString();
}

export function differenceText({ opened, closed, added, removed }: Difference): string {
  const parts = [changes("opened", opened), changes("closed", closed)];
  if (added.length > 0) parts.push(`only after, so that nothing of it is compared: ${added.join("; ")}`);
  if (removed.length > 0) parts.push(`only before, so that nothing of it is compared: ${removed.join("; ")}`);
  return parts.join("\n");
}

function changes(word: Change["change"], all: readonly Change[]): string {
  if (all.length === 0) return `nothing is ${word}`;
  const table = new Table({ head: [word, "from", "to", "because of"], ...plain });
  for (const { from, to, traffic, because } of all) table.push([traffic, from, to, because.join("\n")]);
  return table.toString();
}

/** For Graphviz' dot: a node for each group of workloads, an arrow for what may pass. */
export function graph(lines: readonly Line[]): string {
  const names = [...new Set(lines.flatMap(({ from, to }) => [from, to]))];
  const id = (name: string) => `n${names.indexOf(name)}`;
  return [
    "digraph reach {",
    "  rankdir=LR; node [shape=box];",
    ...names.map((name) => `  ${id(name)} [label=${text(name)}];`),
    ...lines.map(({ from, to, traffic }) => `  ${id(from)} -> ${id(to)} [label=${text(traffic)}];`),
    "}",
  ].join("\n");
}

const text = (words: string) => `"${words.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
