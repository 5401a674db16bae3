import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import type { Routes } from "./plan";
import type { RoutesRequest, StandingRoute } from "./request";

/** What stands in one table and is not podnet's, beside what podnet wants there. */
export interface Meeting {
  problems: Problem[];
  warnings: string[];
  /** What is as wanted and is taken over: the id to import it by, by destination. */
  adopted: Record<string, string>;
}

/**
 * Compares one table with the routes that are wanted in it. Foreign routes are never touched: one in the way is told,
 * one that is as wanted is taken over when the user says so, and a dead one that is left over is shown.
 *
 * @param own destinations that are podnet's in this table: what stands there is the cloud provider's to correct
 */
export function meet(table: string, routes: Routes, own: ReadonlySet<string>, request: RoutesRequest): Meeting {
  const meeting: Meeting = { problems: [], warnings: [], adopted: {} };
  const wanted = Object.keys(routes).map((to) => Cidr.parse(to));
  const pods = request.podCidr.map((text) => Cidr.parse(text));
  const foreign = (request.tables?.[table]?.standing ?? []).filter(({ to }) => !own.has(to));
  for (const route of foreign) {
    const to = Cidr.parse(route.to);
    const node = routes[route.to];
    const held = wanted.find((one) => one.contains(to));
    if (node !== undefined) same(meeting, table, route, node, request);
    else if (held) meeting.problems.push(inside(table, route, held, routes));
    else if (route.dead && pods.some((range) => range.contains(to))) meeting.warnings.push(leftOver(table, route));
  }
  return meeting;
}

function same(meeting: Meeting, table: string, route: StandingRoute, node: string, request: RoutesRequest): void {
  const { to, hop, importId } = route;
  if (hop !== request.nodes[node]?.hop || request.prefixLists) {
    const where = route.dead ? `${hop}, which is gone` : hop;
    meeting.problems.push({
      path: `tables.${table}`,
      rule: `${table} has a route to ${to}, ${node}'s pods, by ${where}, that podnet did not make`,
      fix: "podnet leaves it alone: delete it, or give the network another podCidr",
    });
  } else if (request.adopt && importId !== undefined) meeting.adopted[to] = importId;
  else
    meeting.problems.push({
      path: `tables.${table}`,
      rule: `${table} has the route to ${to} by ${hop} already, and podnet did not make it`,
      fix:
        importId === undefined
          ? "podnet takes over no route of this cloud: delete it, or give the network another podCidr"
          : "say adopt: true to take it over (destroy then removes it), or delete it",
    });
}

function inside(table: string, { to, hop, dead }: StandingRoute, held: Cidr, routes: Routes): Problem {
  const what = dead ? `and loses its packets: ${hop} is gone` : `by ${hop}`;
  return {
    path: `tables.${table}`,
    rule: `${table} has a route to ${to}, a part of ${routes[String(held)]}'s ${held}, ${what}`,
    fix: "the more specific route wins: delete it, or give the network another podCidr",
  };
}

function leftOver(table: string, { to, hop }: StandingRoute): string {
  return `${table} has a route to ${to} by ${hop}, which is gone: nobody's pods, left over from something else; delete it`;
}
