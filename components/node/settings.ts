import { z } from "zod";
import { connection } from "./connection";
import { probe } from "./probes";
import { nodeState } from "./state";
import { ownerName, text } from "./words";

/** What a NodeState resource is given. */
export const nodeStateSettings = z.strictObject({
  /** The node's name in the inventory. */
  node: text.min(1).max(255),
  /** Who wants this state: one network. Lower-case letters, digits and dashes; it names a directory on the node. */
  owner: ownerName,
  connection,
  state: nodeState,
  /** Seconds from the start of a change until the node undoes it by itself, unless it was confirmed. @default 60 */
  windowSeconds: z.int().min(5).max(3600).default(60),
  /** What must work after the change as it did before. @default ["gateway"] */
  probes: z.array(probe).default(["gateway"]),
  /** Take over what others made and is in the way. @default false */
  adopt: z.boolean().default(false),
  /** Make changes that cannot be undone. @default false */
  allowIrreversible: z.boolean().default(false),
  /** What a delete does when the node cannot be reached: fail, or forget the node. @default "fail" */
  onUnreachable: z.enum(["fail", "forget"]).default("fail"),
});

/** What a NodeState is without a word about it. */
export const nodeStateDefaults: Readonly<Record<string, unknown>> = nodeStateSettings
  .omit({ node: true, owner: true, connection: true, state: true })
  .parse({});

export type NodeStateSettings = z.output<typeof nodeStateSettings>;
