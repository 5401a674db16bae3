import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { lists } from "./lists";
import { planProblems, type Routes, type RoutesMade } from "./plan";
import type { Cloud } from "./quota";
import type { RoutesRequest } from "./request";

/** What is wrong with a request whatever stands in the tables. */
export function requestProblems(previous: RoutesMade | undefined, routes: Routes, request: RoutesRequest): Problem[] {
  return [
    ...planProblems(request),
    ...placeProblems(request),
    ...forwardProblems(request),
    ...tableProblems(previous, request),
    ...listProblems(routes, request),
  ];
}

/** Pod subnets lie in podCidr and outside of what the cloud itself routes. */
function placeProblems({ subnets, podCidr, taken }: RoutesRequest): Problem[] {
  const pods = podCidr.map((text) => Cidr.parse(text));
  const outside = Object.entries(subnets).flatMap(([node, list]) =>
    list
      .filter((text) => !pods.some((range) => range.contains(Cidr.parse(text))))
      .map((text) => ({
        path: "network.podCidr",
        rule: `${node}'s pod subnet ${text} is not in podCidr ${podCidr.join(", ")}`,
        fix: "give the network's own podCidr: firewall rules are made for it",
      })),
  );
  const meeting = Object.entries(taken).flatMap(([whose, list]) =>
    list.flatMap((cidr) =>
      pods
        .filter((range) => range.overlaps(Cidr.parse(cidr)))
        .map((range) => ({
          path: "network.podCidr",
          value: String(range),
          rule: `podCidr ${range} overlaps ${cidr}, ${whose}`,
          fix: "the cloud routes these by itself, and no route changes that; take a podCidr outside of them",
        })),
    ),
  );
  return [...outside, ...meeting];
}

const closed: Partial<Record<Cloud, { what: string; fix: string }>> = {
  aws: {
    what: "does not exist, or checks source and destination and would lose pods' packets",
    fix: "say sourceDestCheck: false where the network interface or its instance is made",
  },
  gcp: {
    what: "has canIpForward off and would lose pods' packets",
    fix: "say canIpForward: true where the instance is made",
  },
};

function forwardProblems({ cloud, nodes }: RoutesRequest): Problem[] {
  const { what, fix } = closed[cloud] ?? { what: "does not forward", fix: "let it forward packets" };
  return Object.entries(nodes)
    .filter(([, { forwards }]) => forwards === false)
    .map(([node, { hop }]) => ({
      path: `nodes.${node}`,
      rule: `${node}'s next hop${hop === undefined ? "" : ` ${hop}`} ${what}`,
      fix,
    }));
}

/** A table that goes on under another name would lose its routes: the old name's are deleted after the new are there. */
function tableProblems(previous: RoutesMade | undefined, { tables }: RoutesRequest): Problem[] {
  if (tables === undefined) return [];
  if (Object.keys(tables).length === 0)
    return [{ path: "tables", rule: "no route table is found", fix: "correct the tags, or name the tables' ids" }];
  const known = Object.entries(tables).flatMap(([table, { id }]) => (id === undefined ? [] : [{ table, id }]));
  const twice = [...Map.groupBy(known, ({ id }) => id)].filter(([, group]) => group.length > 1);
  const renamed = Object.entries(previous?.tables ?? {}).flatMap(([before, id]) => {
    const next = known.find((one) => one.id === id);
    return next === undefined || before in tables ? [] : [{ before, ...next }];
  });
  return [
    ...twice.map(([id, group]) => ({
      path: "tables",
      value: id,
      rule: `${group.map(({ table }) => table).join(" and ")} are one table`,
      fix: "name each table once",
    })),
    ...renamed.map(({ before, table, id }) => ({
      path: `tables.${table}`,
      value: id,
      rule: `${table} is the table that was ${before}`,
      fix: `keep the name ${before}: under another its routes would be made anew, and then deleted`,
    })),
  ];
}

function listProblems(routes: Routes, { prefixLists }: RoutesRequest): Problem[] {
  if (!prefixLists) return [];
  const { entries, quota } = prefixLists;
  const made = lists(routes);
  const full = [...made].filter(([, { destinations }]) => destinations.length > entries);
  const tooMany = {
    path: "prefixLists.quota",
    value: String(quota),
    rule: `${made.size} prefix lists are needed, one for each node and family, and a region takes ${quota}`,
    fix: 'raise the quota (Service Quotas, Amazon VPC, Prefix lists per Region) and say so, or say destination: "cidr"',
  };
  return [
    ...(made.size > quota ? [tooMany] : []),
    ...full.map(([list, { destinations }]) => ({
      path: "prefixLists.entries",
      value: String(entries),
      rule: `the prefix list ${list} would hold ${destinations.length} destinations, and takes ${entries}`,
      fix: `say prefixLists.entries: ${destinations.length}; each list then counts as ${destinations.length} routes`,
    })),
  ];
}
