import { z } from "zod";
import { Inventory } from "../inventory";
import { probe } from "../node/probes";
import { rollout } from "../rollout";

/** The nodes and how they are reached, as a network's settings name them. */
export const inventory = z.custom<Inventory>(
  (value) => value instanceof Inventory,
  "an Inventory: Inventory.fromFile(path)",
);

/** How a network's nodes are changed and proven: the part of its settings that all networks share. */
export const nodeChangeFields = {
  /** How many nodes at a time. */
  rollout: rollout.prefault({}),

  /** What a node must still reach after a change that could cut it off. @default ["gateway"] */
  probes: z.array(probe).default(["gateway"]),

  /** Take over what others made and is in the way. @default false */
  adopt: z.boolean().default(false),

  /** Make changes of nodes that cannot be undone. @default false */
  allowIrreversible: z.boolean().default(false),

  /**
   * What removing a node does when it cannot be reached: fail, or forget it as it is. A node that is gone learns it by
   * a run before the one that removes it, since it is removed with the settings it had.
   * @default "fail"
   */
  onUnreachable: z.enum(["fail", "forget"]).default("fail"),

  /** How the network is proven to carry traffic after a change. */
  verification: z
    .strictObject({
      /** Every pair of nodes, or this many peers of each. @default "full" up to 20 nodes, otherwise { peers: 3 } */
      coverage: z.union([z.literal("full"), z.strictObject({ peers: z.int().min(1) })]).optional(),
      /** Whether a failed probe fails the run. @default "any" */
      failOn: z.enum(["any", "none"]).default("any"),
    })
    .prefault({}),
};

const nodeChangeSettings = z.strictObject(nodeChangeFields);
export type NodeChangeSettings = z.output<typeof nodeChangeSettings>;
