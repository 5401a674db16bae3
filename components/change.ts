/** How much a change disturbs: nothing, one node after another, running pods or connections, or it is not allowed. */
export type ChangeClass = "safe" | "rolling" | "disruptive" | "refused";

/** One changed setting of a network and what it means. */
export interface Change {
  /** Where in the settings, such as "podCidr" or "nodes.node2.address". */
  path: string;
  class: ChangeClass;
  /** Why it has this class, in the user's terms. */
  reason: string;
  /** How to reach the goal all the same; given for every refused change. */
  wayRound?: string;
}

/** A network's table of what may change how: pure, from its recorded settings to the wanted ones. */
export type ChangeTable = (previous: unknown, next: unknown) => Change[];
