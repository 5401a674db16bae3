import type { Inventory, NodeStateInput } from "../../../components";

/** What a network's daemons leave on a node, made by hand as the daemons would, for its removal to find. */
export interface Residue {
  system: string;
  /** Everything of others that is easily taken for the system's: it stays. Files in folders that a snapshot has. */
  beside: string;
  /** Makes the residue. */
  make: string;
  /** Prints what of it is there, a thing a line; nothing where none is. */
  look: string;
  /** Things that `look` prints after `make`: so many that none was forgotten. */
  things: number;
  /** What the component makes of this node, by name. */
  states(nodes: Inventory): Record<string, NodeStateInput>;
}

/** Lines that print paths of these that are there. */
export const paths = (...list: string[]) => `ls -d ${list.join(" ")} 2>/dev/null`;

/** Lines that print names of links that match. */
export const links = (pattern: string) => `ip -brief link | sed 's/[@ ].*//' | grep -E '^(${pattern})$'`;

/** Lines that print rules and chains of iptables that match, of all tables. */
export const rules = (pattern: string) => `iptables-save | grep -E -- '${pattern}'`;

/** Lines that print names of ipsets that match. */
export const sets = (pattern: string) => `ipset list -name | grep -E '${pattern}'`;

/** Without modules that the lab's kernel has not: nothing of theirs is left. */
export function withoutModules(states: Record<string, NodeStateInput>): Record<string, NodeStateInput> {
  return Object.fromEntries(Object.entries(states).map(([node, state]) => [node, { ...state, modules: [] }]));
}
