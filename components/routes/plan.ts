import { Cidr, compare } from "../addresses/cidr";
import { overlaps } from "../addresses/overlap";
import type { Subnets } from "../addresses/plan";
import type { Problem } from "../addresses/problem";

/** The node that packets to a destination are handed to, by destination. */
export type Routes = Record<string, string>;

/** What is kept of a plan. */
export interface RoutesMade {
  /** Each table's id; in a preview, none of a table that is made in the same run. */
  tables: Record<string, string | undefined>;
  /** The same in every table. */
  routes: Routes;
  /** Routes that stood there before, by table and destination: the id that each was imported by. */
  adopted: Record<string, Record<string, string>>;
  /** Destinations that were podnet's and still stood there, by table: a run that dies leaves them to the next one. */
  leaving?: Record<string, string[]>;
}

export interface RoutesWanted {
  /** Each node's pod subnets. */
  subnets: Subnets;
  /** The nodes that have a next hop, and of those that have none, the one that forwards for them. */
  nodes: Record<string, { via?: string | undefined }>;
}

/**
 * The routes to all pods, the same in every table. Neighbours that are reached by the same node are one route:
 *
 *     10.244.0.0/24 node1 ┐
 *     10.244.1.0/24 node1 ┴─ 10.244.0.0/23 node1
 *     10.244.2.0/24 node1 ── 10.244.2.0/24 node1
 *     10.244.3.0/24 node2 ── 10.244.3.0/24 node2
 *
 * Only both halves of a range become the range, so that no route holds an address that no pod of its nodes can have.
 */
export function planRoutes({ subnets, nodes }: RoutesWanted): Routes {
  const carried = Map.groupBy(Object.entries(subnets), ([node]) => nodes[node]?.via ?? node);
  const routes = [...carried].flatMap(([node, behind]) => {
    const cidrs = behind.flatMap(([, texts]) => texts.map((text) => Cidr.parse(text)));
    return join(cidrs).map((to) => ({ to, node }));
  });
  const sorted = routes.sort((left, right) => compare(left.to, right.to));
  return Object.fromEntries(sorted.map(({ to, node }) => [String(to), node]));
}

/** The same addresses in the fewest ranges. */
function join(cidrs: Cidr[]): Cidr[] {
  const joined: Cidr[] = [];
  for (const cidr of cidrs.sort(compare)) {
    if (joined.at(-1)?.contains(cidr)) continue;
    let range = cidr;
    for (let before = joined.at(-1); before && areHalves(before, range); before = joined.at(-1)) {
      joined.pop();
      range = Cidr.of(range.family, before.base, range.prefix - 1);
    }
    joined.push(range);
  }
  return joined;
}

function areHalves(left: Cidr, right: Cidr): boolean {
  if (left.family !== right.family || left.prefix !== right.prefix || left.prefix === 0) return false;
  return left.base + left.size === right.base && left.base % (left.size * 2n) === 0n;
}

/** Why pods would have no next hop, or two. */
export function planProblems({ subnets, nodes }: RoutesWanted): Problem[] {
  const shared = overlaps(Object.entries(subnets).flatMap(([name, cidrs]) => cidrs.map((cidr) => ({ name, cidr }))));
  return [
    ...shared.map(({ first, second }) => ({
      path: "network.subnets",
      rule: `${first.name}'s pod subnet ${first.cidr} overlaps ${second.name}'s ${second.cidr}`,
      fix: "an address can have one next hop; give each node a subnet of its own",
    })),
    ...Object.keys(subnets)
      .filter((node) => nodes[node] === undefined)
      .map((node) => ({
        path: `nodes.${node}`,
        rule: `${node} has the pod subnets ${subnets[node]?.join(", ")} and no next hop`,
        fix: `say nodes.${node}, or take the node out of the network`,
      })),
    ...Object.keys(nodes)
      .filter((node) => subnets[node] === undefined && !Object.values(nodes).some(({ via }) => via === node))
      .map((node) => ({
        path: `nodes.${node}`,
        rule: `${node} has a next hop and no pod subnet, and forwards for nobody`,
        fix: `nodes of the network are: ${Object.keys(subnets).join(", ")}`,
      })),
  ];
}
