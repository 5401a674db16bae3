import type { ChangeClass } from "../../components/change";
import type { Difference } from "../../components/policy/reach/diff";
import type { Action } from "./digest";

/** What a part of the change means. */
export interface Meaning {
  class: ChangeClass;
  /** What it is of: "pods: mtu 1500 → 1400". */
  what: string;
  /** What users notice. */
  reason: string;
  wayRound?: string;
}

/** Nodes that do the same. */
export interface NodeGroup {
  network: string;
  nodes: string[];
  action: Exclude<Action, "same">;
  /** Counts of things by kind: "+3 route, ~1 file". */
  summary: string;
}

/** A file, a unit or a firewall table of nodes, and how it changes: the same everywhere, but for each node's addresses. */
export interface FileChange {
  path: string;
  nodes: string[];
  /** A unified diff, as of the first of the nodes; none where a secret is in it. */
  patch: string | undefined;
}

/** So many resources of a type. */
export interface Count {
  what: string;
  action: Exclude<Action, "same">;
  count: number;
  /** The first of them. */
  names: string[];
  /** How many names there are, where several have one: routes to one subnet in several tables. @default count */
  named?: number;
}

export interface Finding {
  level: "error" | "warning" | "info";
  text: string;
}

/** Connections that a change opens and closes, as far as policies are evaluated. */
export interface Connections extends Difference {
  /** What stands beside the change and is not evaluated, a line for each. */
  unevaluated: readonly string[];
}

/** A preview, decided: all that is shown of it, in an order that does not depend on the engine's. */
export interface Review {
  stack: string;
  project: string;
  verdict: ChangeClass;
  /** What is touched, in one line. */
  touched: string;
  /** What users notice, in one line. */
  noticed: string;
  meanings: Meaning[];
  nodes: NodeGroup[];
  /** Routes in clouds' tables. */
  routes: Count[];
  /** Nodes that get, or give back, pod subnets. */
  addresses: string[];
  /** Connections that policies open and close, where all that decides is known. */
  connections?: Connections;
  /** Everything else, replaced and deleted first. */
  others: Count[];
  files: FileChange[];
  findings: Finding[];
  /** Nodes that the last refresh could not look at, with the reason. */
  unreachable: { node: string; reason: string }[];
  /** Nodes that the last change left neither as they were nor as they should be, with the reason. */
  unfinished: { node: string; reason: string }[];
}

const byUrgency: Action[] = ["replace", "delete", "update", "create"];

/** Replaced and deleted first. */
export function byAction<T extends { action: Action }>(left: T, right: T): number {
  return byUrgency.indexOf(left.action) - byUrgency.indexOf(right.action);
}

/** "3 nodes", "1 node". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
