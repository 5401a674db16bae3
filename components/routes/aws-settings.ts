import { z } from "zod";
import type { Problem } from "../addresses/problem";
import { later } from "../later";
import { quotas } from "./quota";
import { label, nodeName, type RoutedNetwork, routedNetwork, wayProblems } from "./settings";

const id = (kind: string) =>
  later(z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `an id such as "${kind}-0123456789abcdef0"`));

/** Above so many nodes the tables are not read: the AWS provider asks EC2 about each route's network interface. */
const mostNodesRead = 100;

/** What may be said of pod routes in a VPC. */
export const awsRoutesSettings = z.strictObject({
  /** The pod network: a component with `subnets` and `podCidr`, such as `BridgeNetwork`, or the two written down. */
  network: routedNetwork,

  /** The VPC that the nodes are in. */
  vpc: id("vpc"),

  /** How each node of the network is reached. */
  nodes: z.record(
    nodeName,
    z.strictObject({
      /** Id of its network interface, with the source/destination check off. */
      networkInterface: id("eni").optional(),
      /** Or of its instance, whose primary network interface is looked up. */
      instance: id("i").optional(),
      /** Or the node that forwards for it: its neighbour in the same subnet. */
      via: nodeName.optional(),
    }),
  ),

  /** Ids of the route tables, by names of yours: those of all subnets that talk to pods. */
  tables: z.record(label, id("rtb")).default({}),

  /** Or all route tables of the VPC that have these tags; `{}`: all of them. */
  tablesTagged: z.record(z.string(), z.string()).optional(),

  /** Ids of security groups that let pods in, by names of yours. @default {} (pods' packets pass by other rules) */
  securityGroups: z.record(label, id("sg")).default({}),

  /**
   * `"cidr"`: a route for each destination. `"prefix-list"`: each node's destinations are a prefix list that all tables
   * share, so that a node that gets another subnet changes a list and no table.
   * @default "cidr"
   */
  destination: z.enum(["cidr", "prefix-list"]).default("cidr"),

  prefixLists: z
    .strictObject({
      /** Destinations that a list may hold; so many routes each counts as. @default 1 */
      entries: z.int().min(1).max(1000).default(1),
      /** Prefix lists that your region takes. @default 100, AWS's (Amazon VPC quotas) */
      quota: z.int().min(1).default(100),
    })
    .prefault({}),

  /** Routes that a table takes in your account, or `"account"`: asked of Service Quotas. @default 500, AWS's */
  quota: z
    .union([
      z
        .int()
        .min(1)
        .max(quotas.aws.most as number),
      z.literal("account"),
    ])
    .default(quotas.aws.usual),

  /**
   * Look at what stands in the tables, so that the preview tells what is in the way. Each route by a network interface
   * costs a call of EC2.
   * @default true up to 100 nodes
   */
  readTables: z.boolean().optional(),

  /**
   * Look whether the nodes' interfaces take packets that are not their own. A preview sees them as they are: false for
   * the run that turns the source/destination check off.
   * @default true
   */
  readInterfaces: z.boolean().default(true),

  /** Take over routes that stand there and are as wanted. Needs readTables. @default false */
  adopt: z.boolean().default(false),
});

/** Settings of pod routes in a VPC as they may be written. */
export type AwsRoutesArgs = Omit<z.input<typeof awsRoutesSettings>, "network"> & { network: RoutedNetwork };
export type AwsSettings = z.output<typeof awsRoutesSettings>;

export function readsTables({ readTables, nodes }: Pick<AwsSettings, "readTables" | "nodes">): boolean {
  return readTables ?? Object.keys(nodes).length <= mostNodesRead;
}

/** What is not looked at though nobody said so. */
export function awsWarnings(settings: AwsSettings): string[] {
  if (settings.readTables !== undefined || readsTables(settings)) return [];
  return [
    `the tables are not read, for there are ${Object.keys(settings.nodes).length} nodes and each route costs a call of EC2: ` +
      "routes of others that are in the way, and what they take of the quota, are not seen. " +
      "Say readTables: true to have them read, or false if that is meant",
  ];
}

export function awsProblems(settings: AwsSettings): Problem[] {
  const { nodes, tables, tablesTagged, adopt, destination } = settings;
  const named = Object.keys(tables).length > 0;
  const problems = wayProblems(nodes, ["networkInterface", "instance"]);
  if (named === (tablesTagged !== undefined))
    problems.push({
      path: "tables",
      rule: named ? "tables and tablesTagged are both given" : "there is no route table",
      fix: "name the tables' ids in tables, or the tags that they have in tablesTagged",
    });
  if (adopt && !readsTables(settings))
    problems.push({
      path: "adopt",
      rule: "adopt is on, and the tables are not read",
      fix: "say readTables: true for the run that adopts",
    });
  if (adopt && destination === "prefix-list")
    problems.push({
      path: "adopt",
      rule: "a route by a prefix list takes over no route by a CIDR",
      fix: "leave adopt out, and delete the routes that stand there",
    });
  return problems;
}
