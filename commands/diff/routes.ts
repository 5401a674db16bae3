import { Cidr } from "../../components/addresses/cidr";
import { without } from "../../components/policy/outside";
import type { Properties, Resource } from "./digest";
import { byAction, type Count, counted, type Meaning } from "./review";

const routeTypes: Record<string, string> = {
  "aws:ec2/route:Route": "AWS",
  "gcp:compute/route:Route": "Google Cloud",
  "alicloud:vpc/routeEntry:RouteEntry": "Alibaba Cloud",
};

export function isRoute({ type }: Resource): boolean {
  return type in routeTypes;
}

/** Routes in clouds' tables by what is done to them, and never one by one. */
export function routeCounts(resources: readonly Resource[]): Count[] {
  const changed = resources.filter((one) => isRoute(one) && one.action !== "same");
  return [...Map.groupBy(changed, ({ type, action }) => `${type} ${action}`).values()]
    .map((group) => {
      const [{ type, action }] = group as [Resource];
      const names = [...new Set(group.map((one) => destinationOf(one) ?? one.name))];
      return {
        what: `${group.length === 1 ? "route" : "routes"} in ${routeTypes[type]}`,
        action: action as Count["action"],
        count: group.length,
        names: names.slice(0, 3),
        named: names.length,
      };
    })
    .sort(byAction);
}

export function routeMeanings(resources: readonly Resource[]): Meaning[] {
  const plans = new Map(resources.filter(({ type }) => type.endsWith(":RoutePlan")).map((one) => [one.parent, one]));
  const routes = resources.filter(isRoute);
  const meaning = (danger: Meaning["class"], reason: string, group: readonly Resource[]): Meaning[] =>
    group.length > 0 ? [{ class: danger, what: counted(group.length, "route"), reason }] : [];
  const of = (action: Resource["action"]) => routes.filter((one) => one.action === action);
  const gone = Map.groupBy(of("delete"), (route) => {
    const plan = plans.get(route.parent);
    return leavesWithNode(route, plan) ? "left" : isJoined(route, plan) ? "joined" : "lost";
  });
  const { left = [], joined = [], lost = [] } = Object.fromEntries(gone);
  return [
    ...meaning("disruptive", "packets to these pods find no way in the cloud's tables", lost),
    ...meaning("rolling", "the way to these pods is gone for a moment, until the other is made", of("replace")),
    ...meaning("rolling", "packets to these pods take another way, in place", of("update")),
    ...meaning("safe", "they go with their nodes", left),
    ...meaning("safe", "others by the same node take their packets, and are made before these go", joined),
    ...meaning("safe", "routes to pods are made in the cloud's tables", of("create")),
  ];
}

/** A route goes with its node when the plan has no route of that node any more; otherwise its pods lose it. */
function leavesWithNode(route: Resource, plan: Resource | undefined): boolean {
  const [before, after] = [plan?.before, plan?.action === "delete" ? undefined : plan?.after].map(routesOf);
  const node = before?.[destinationOf(route) ?? ""];
  return node !== undefined && after !== undefined && !Object.values(after).includes(node);
}

/** Neighbours behind one node become one route, or cease to be one: where tables stay, no packet is without a way. */
function isJoined(route: Resource, plan: Resource | undefined): boolean {
  const [before, after] = [plan?.before, plan?.action === "delete" ? undefined : plan?.after];
  const [to, routes] = [destinationOf(route), routesOf(after)];
  if (to === undefined || routes === undefined || to in routes || !keepsTables(before, after)) return false;
  const node = routesOf(before)?.[to];
  const others = Object.entries(routes).filter(([, by]) => by === node);
  const ranges = others.map(([text]) => Cidr.parse(text));
  return without(Cidr.parse(to), ranges).length === 0;
}

function keepsTables(before: Properties | undefined, after: Properties | undefined): boolean {
  const [was, is] = [before, after].map((one) => Object.keys((one?.tables ?? {}) as object));
  return (was ?? []).every((table) => is?.includes(table));
}

function routesOf(plan: Properties | undefined): Record<string, string> | undefined {
  return plan?.routes as Record<string, string> | undefined;
}

function destinationOf({ before, after }: Resource): string | undefined {
  const inputs = after ?? before ?? {};
  const names = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destRange", "destinationCidrblock"];
  return names.map((name) => inputs[name]).find((value) => typeof value === "string") as string | undefined;
}
