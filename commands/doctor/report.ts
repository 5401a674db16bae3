import Table from "cli-table3";
import type { Finding } from "./finding";
import { grouped } from "./findings";

/** Nodes named in a cell before the rest is only counted. */
const namesShown = 4;

export function names(nodes: string[]): string {
  if (nodes.length <= namesShown) return nodes.join(", ");
  return `${nodes.slice(0, namesShown - 1).join(", ")} and ${nodes.length - namesShown + 1} more`;
}

/** A row a finding with all nodes that have it. @param width columns of the terminal */
export function textReport(perNode: Map<string, Finding[]>, width: number): string {
  const found = grouped(perNode);
  const healthy = [...perNode].filter(([, list]) => list.length === 0).map(([node]) => node);
  const lines: string[] = [];
  if (found.length > 0) {
    // Four columns with borders and padding take 13 characters; kind and node have theirs, the rest is shared.
    const rest = Math.max(40, width - 13 - 10 - 20);
    const table = new Table({
      head: ["", "node", "finding", "way out"],
      colWidths: [12, 22, Math.floor(rest / 2) + 2, Math.ceil(rest / 2) + 2],
      wordWrap: true,
      style: { head: [], border: [] },
    });
    for (const { severity, nodes, finding, wayOut } of found) table.push([severity, names(nodes), finding, wayOut]);
    lines.push(table.toString());
  }
  if (healthy.length > 0) lines.push(`nothing found on ${names(healthy)}`);
  const blocked = [...perNode.values()].filter(isBlocked).length;
  lines.push(`${perNode.size} ${perNode.size === 1 ? "node" : "nodes"}, ${blocked} blocked`);
  return lines.join("\n");
}

export function jsonReport(perNode: Map<string, Finding[]>): string {
  return JSON.stringify(
    { blocked: [...perNode.values()].some(isBlocked), nodes: Object.fromEntries(perNode) },
    null,
    2,
  );
}

export function isBlocked(found: Finding[]): boolean {
  return found.some(({ severity }) => severity === "blocking");
}
