import { z } from "zod";
import type { Problem } from "../addresses/problem";
import { later } from "../later";
import { quotas } from "./quota";
import { label, nodeName, type RoutedNetwork, routedNetwork, wayProblems } from "./settings";

const id = (kind: string) => later(z.string().regex(new RegExp(`^${kind}-[0-9a-z]+$`), `an id such as "${kind}-bp1…"`));

/** What may be said of pod routes in an Alibaba Cloud VPC. */
export const alicloudRoutesSettings = z.strictObject({
  /** The pod network: a component with `subnets` and `podCidr`, such as `BridgeNetwork`, or the two written down. */
  network: routedNetwork,

  /** How each node of the network is reached. */
  nodes: z.record(
    nodeName,
    z.strictObject({
      /** Id of its ECS instance. */
      instance: id("i").optional(),
      /** Or of its network interface. */
      networkInterface: id("eni").optional(),
      /** Or the node that forwards for it. */
      via: nodeName.optional(),
    }),
  ),

  /** Ids of the VPC's route tables, by names of yours: those of all vSwitches that talk to pods. */
  tables: z
    .record(label, id("vtb"))
    .refine((tables) => Object.keys(tables).length > 0, "name at least one route table"),

  /** Ids of security groups that let pods in, by names of yours. @default {} (pods' packets pass by other rules) */
  securityGroups: z.record(label, id("sg")).default({}),

  /** Custom routes that a table takes in your account. @default 200, Alibaba Cloud's */
  quota: z.int().min(1).default(quotas.alicloud.usual),
});

/** Settings of pod routes in an Alibaba Cloud VPC as they may be written. */
export type AlicloudRoutesArgs = Omit<z.input<typeof alicloudRoutesSettings>, "network"> & { network: RoutedNetwork };
export type AlicloudSettings = z.output<typeof alicloudRoutesSettings>;

export function alicloudProblems({ nodes }: AlicloudSettings): Problem[] {
  return wayProblems(nodes, ["instance", "networkInterface"]);
}
