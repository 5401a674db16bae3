import { z } from "zod";
import { cidr } from "../addresses/schema";

/** A route that was there before, or that somebody else made. */
const standing = z.strictObject({
  to: cidr,
  /** The next hop, as the cloud names it. */
  hop: z.string(),
  /** The next hop is gone: packets are lost. @default false */
  dead: z.boolean().default(false),
  /** What the cloud's provider imports it by. @default it cannot be imported */
  importId: z.string().optional(),
});

/** What a plan of routes is made of. A value that is not known yet is left out, and not looked at. */
export const routesRequest = z.strictObject({
  cloud: z.enum(["aws", "gcp", "alicloud"]),
  podCidr: z.array(cidr),
  /** Each node's pod subnets. */
  subnets: z.record(z.string(), z.array(cidr)),
  nodes: z.record(
    z.string(),
    z.strictObject({
      /** The node's own next hop, as the cloud names it. */
      hop: z.string().optional(),
      /** Or the node that forwards for it. */
      via: z.string().optional(),
      /** Whether the cloud lets the hop take packets that are not its own. */
      forwards: z.boolean().optional(),
    }),
  ),
  /** The tables by name, and what stands in them. @default which tables there are is not known yet */
  tables: z
    .record(
      z.string(),
      z.strictObject({
        id: z.string().optional(),
        standing: z.array(standing).default([]),
        /** Prefix lists that routes of others lead to, each with how many routes it counts as. */
        lists: z.array(z.strictObject({ family: z.enum(["ipv4", "ipv6"]), counts: z.int() })).default([]),
      }),
    )
    .optional(),
  /** Addresses that the cloud itself routes, by what they are: "the addresses of the VPC". */
  taken: z.record(z.string(), z.array(cidr)).default({}),
  /** Routes that a table takes. */
  quota: z.int(),
  /** Given: each node's destinations are one prefix list, which counts as so many routes. */
  prefixLists: z.strictObject({ entries: z.int(), quota: z.int() }).optional(),
  /** Take over what stands there and is as wanted. */
  adopt: z.boolean().default(false),
});

export type RoutesRequest = z.output<typeof routesRequest>;
export type RoutesRequestInput = z.input<typeof routesRequest>;
export type StandingRoute = z.output<typeof standing>;
