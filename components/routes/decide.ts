import type { Problem } from "../addresses/problem";
import { requestProblems } from "./check";
import { lists } from "./lists";
import { planRoutes, type Routes, type RoutesMade } from "./plan";
import { quotaFindings, type Use } from "./quota";
import type { RoutesRequest } from "./request";
import { type Meeting, meet } from "./standing";

export interface Decision {
  made: RoutesMade;
  problems: Problem[];
  warnings: string[];
}

/**
 * Which routes there are, and which of them stood there before. Once a route is podnet's it stays podnet's, whatever
 * it looks like today: without that memory nobody could tell podnet's own route from a foreign one that is the same.
 */
export function decide(previous: RoutesMade | undefined, request: RoutesRequest): Decision {
  const routes = planRoutes(request);
  const tables = Object.entries(request.tables ?? {}).map(([table, { id, standing, lists }]) => {
    const own = ownIn(table, previous);
    const meeting = meet(table, routes, own, request);
    const others = standing.map(({ to }) => to).filter((to) => !own.has(to) && !(to in routes));
    const leaving = standing.map(({ to }) => to).filter((to) => own.has(to) && !(to in routes));
    return { table, id, meeting, leaving, use: { table, pods: counted(routes, request), others, lists } };
  });
  const quota = quotaFindings(
    request.cloud,
    request.quota,
    tables.map(({ use }) => use),
  );
  return {
    made: {
      tables: Object.fromEntries(tables.map(({ table, id }) => [table, id])),
      routes,
      adopted: Object.fromEntries(
        tables.map(({ table, meeting }) => [table, adoptedIn(table, routes, previous, meeting)]),
      ),
      ...(tables.some(({ leaving }) => leaving.length > 0) && {
        leaving: Object.fromEntries(tables.map(({ table, leaving }) => [table, leaving])),
      }),
    },
    problems: [
      ...requestProblems(previous, routes, request),
      ...tables.flatMap(({ meeting }) => meeting.problems),
      ...quota.problems,
    ],
    warnings: [...tables.flatMap(({ meeting }) => meeting.warnings), ...quota.warnings],
  };
}

function ownIn(table: string, previous: RoutesMade | undefined): Set<string> {
  if (!previous || !(table in previous.tables)) return new Set();
  return new Set([...Object.keys(previous.routes), ...(previous.leaving?.[table] ?? [])]);
}

function adoptedIn(table: string, routes: Routes, previous: RoutesMade | undefined, { adopted }: Meeting) {
  const before = Object.entries(previous?.adopted[table] ?? {}).filter(([to]) => to in routes);
  return { ...Object.fromEntries(before), ...adopted };
}

/** A route by a prefix list counts as many as the list may hold, however few it does. */
function counted(routes: Routes, { prefixLists }: RoutesRequest): Use["pods"] {
  if (!prefixLists) return Object.keys(routes).map((to) => ({ to, counts: 1 }));
  return [...lists(routes).values()].map(({ destinations: [to] }) => ({
    to: to as string,
    counts: prefixLists.entries,
  }));
}
