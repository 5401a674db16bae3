import type { Labels } from "./labels";
import type { PeerValue } from "./peer";

export type Direction = "ingress" | "egress";

/** Something that stays open. */
export interface Allowance {
  /** The opening that it comes from: "dns", "monitoring". */
  name: string;
  direction: Direction;
  /** Only in this namespace. Left out: in every namespace of the baseline. */
  namespace?: string;
  /** Only for these pods. Left out: for all. */
  pods?: Labels;
  /** The other ends. None: anybody. */
  peers: PeerValue[];
  /** "tcp/443". None: all. */
  ports: string[];
}

/** Which namespaces, as a cluster can answer it. */
export type Selection = { names: string[] } | { labels: Labels } | { allBut: string[] };

/** What is closed and what stays open, in no form of object yet. */
export interface Baseline {
  /** The component's name: that of its policies. */
  name: string;
  selection: Selection;
  /** The namespaces, where they are known by name. */
  names: string[] | undefined;
  /** What is closed but for allowances. */
  closed: Direction[];
  allowances: Allowance[];
}

/** Allowances for all pods of all namespaces, which stand together in one policy. */
export const isGeneral = ({ namespace, pods }: Allowance): boolean => namespace === undefined && pods === undefined;

export function selects(selection: Selection, namespace: string, found: Labels = {}): boolean | undefined {
  if ("names" in selection) return selection.names.includes(namespace);
  if ("allBut" in selection) return !selection.allBut.includes(namespace);
  const known = Object.keys(selection.labels).every((key) => key in found);
  return known ? Object.entries(selection.labels).every(([key, text]) => found[key] === text) : undefined;
}
