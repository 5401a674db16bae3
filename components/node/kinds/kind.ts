import type { Facts } from "../facts";
import type { Questions } from "../facts-script";
import type { Attributes, Item, Step } from "../item";
import type { NodeStateDocument } from "../state";

/**
 * One line of work for one tool. Lines of one tool that follow each other go to one process; a `sh` line is shell, and
 * what it holds from outside is quoted, as are the path that a line of `mkdir` is and the words of `ovs-vsctl`.
 */
export interface Operation {
  tool: "ip" | "ip6" | "bridge" | "nft" | "mkdir" | "ovs-vsctl" | "sh";
  line: string;
  /** What the line does, for a message when it fails: its text may hold a whole file. */
  label?: string;
  /** It writes to a disk: an undo is not over until this was done, at the next boot or by the next run. */
  disk?: boolean;
}

export const ip = (line: string): Operation => ({ tool: "ip", line });
export const ip6 = (line: string): Operation => ({ tool: "ip6", line });
export const bridge = (line: string): Operation => ({ tool: "bridge", line });
export const nft = (line: string): Operation => ({ tool: "nft", line });
export const sh = (line: string): Operation => ({ tool: "sh", line });
export const disk = (label: string, line: string): Operation => ({ tool: "sh", line, label, disk: true });

/** What a step may need besides itself. */
export interface RenderContext {
  owner: string;
  /** SHA-256 → text that the program brought; any other content is in the owner's store on the node. */
  contents: Map<string, string>;
  /** In an undo: copies made beforehand, so that a file comes back on a disk that is full. */
  restoring?: boolean;
}

/** A kind of thing on a node: how it is listed, read, written, and whether changing it can cut the node off. */
export interface Kind {
  /** The state's entries of this kind as items. */
  items(state: NodeStateDocument): Item[];
  /** What the facts script must read about a key. */
  ask(key: string, questions: Questions, value: Attributes | null): void;
  /** What is there under a key; what a node does not show is taken to be as it is wanted. */
  observe(facts: Facts, key: string, wanted?: Attributes | null): Attributes | null;
  /** The work of one step: make (from nothing), change, or remove (to nothing). */
  render(step: Step, context: RenderContext): Operation[];
  /** Why this step could cut the node off from whoever manages it; undefined when it cannot. */
  danger(step: Step, facts: Facts): string | undefined;
  /** Why this step could not be taken back; undefined when it can. */
  irreversible?(step: Step): string | undefined;
}

export function requirePresent(value: Attributes | null): Attributes {
  if (value === null) throw new Error("this step removes, it has no value");
  return value;
}
