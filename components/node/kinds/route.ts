import { addressesFrom, Cidr, IpAddress, subnetsFrom } from "../../addresses/cidr";
import type { RouteFact } from "../facts";
import type { Attributes, Step } from "../item";
import type { NodeStateDocument, Route } from "../state";
import { ip, type Kind } from "./kind";

/** Routes that podnet made carry this protocol number, so that one query shows them all. */
export const routeProtocol = "98";

/** Routes. The key is "destination table N metric M": what the kernel takes for one and the same route. */
export const route: Kind = {
  items: (state: NodeStateDocument) =>
    state.routes.flatMap(expandRun).map((entry) => ({
      kind: "route",
      key: routeKey(entry.to, entry.table, entry.metric ?? defaultMetric(entry.to)),
      value: routeValue(entry),
    })),
  ask: () => undefined,
  observe(facts, key) {
    const found = index(facts.routes).byKey.get(key);
    return found ? observedRoute(found) : null;
  },
  render: ({ key, from, to }) => {
    const { destination, table, metric } = splitKey(key);
    const where = `${destination} table ${table}${metric === "0" ? "" : ` metric ${metric}`}`;
    // Named as narrowly as it is known: somebody else's route to the same destination stays.
    const words = `${from?.device ? ` dev ${from.device}` : ""}${from?.protocol ? ` proto ${from.protocol}` : ""}`;
    if (!to) return [ip(`route delete ${where}${words}`)];
    const stands = from !== null && !leadsElsewhere(destination, from, to);
    // A route that appeared since the node was read is somebody's: adding fails where replacing would take it.
    const set = ip(
      `route ${stands ? "replace" : "add"} ${destination}${routeWords(destination, to)}${where.slice(destination.length)}`,
    );
    return from === null || stands ? [set] : [ip(`route delete ${where}${words}`), set];
  },
  danger({ key, from }, facts) {
    const { destination } = splitKey(key);
    if (destination.endsWith("/0")) return "it is the default route";
    const existing = index(facts.routes).connected.get(destination);
    if (existing) return `the subnet is connected on ${existing.device}`;
    return from !== null && from.protocol !== routeProtocol ? "somebody else's route is replaced" : undefined;
  },
  irreversible: ({ key, from }: Step) =>
    Array.isArray(from?.unsupported) && from.unsupported.length > 0
      ? `the route ${splitKey(key).destination} has attributes podnet cannot write again: ${from.unsupported.join(", ")}`
      : undefined,
};

/**
 * Whether a route leads to the next hop of another by another device. Of IPv6 the kernel looks the hop up although it is
 * said to be on the link, and takes no route then; it overlooks a default route (ip6_route_check_nh_onlink).
 */
function leadsElsewhere(destination: string, { device }: Attributes, to: Attributes): boolean {
  if (to.onlink !== true || device === to.device || !destination.includes(":") || destination.endsWith("/0"))
    return false;
  const hop = IpAddress.parse(String(to.via));
  return hop.family === "ipv6" && Cidr.parse(destination).contains(hop);
}

/** Whether a route must go before another is set. */
export function holdsUp(going: Step, set: Step): boolean {
  if (going.kind !== "route" || going.from === null || going.to !== null) return false;
  return set.kind === "route" && set.to !== null && leadsElsewhere(splitKey(going.key).destination, going.from, set.to);
}

export function routeKey(to: string, table: number, metric: number): string {
  return `${to} table ${table} metric ${metric}`;
}

/** IPv6 routes without a metric get 1024 from the kernel (IP6_RT_PRIO_USER). */
function defaultMetric(to: string): number {
  return to.includes(":") ? 1024 : 0;
}

function splitKey(key: string): { destination: string; table: string; metric: string } {
  const [destination = "", , table = "", , metric = ""] = key.split(" ");
  return { destination, table, metric };
}

interface Index {
  byKey: Map<string, RouteFact>;
  /** Subnets of the node's own addresses, by destination. */
  connected: Map<string, RouteFact>;
}

const indexes = new WeakMap<RouteFact[], Index>();

/** Made once for a node's routes: to look through them all for each route would cost their square. */
function index(routes: RouteFact[]): Index {
  const known = indexes.get(routes);
  if (known) return known;
  // The kernel takes the first of several; a map keeps the last.
  const rising = routes.toReversed();
  const made = {
    byKey: new Map(rising.map((entry) => [routeKey(entry.to, entry.table, entry.metric), entry])),
    connected: new Map(rising.filter(({ protocol }) => protocol === "kernel").map((entry) => [entry.to, entry])),
  };
  indexes.set(routes, made);
  return made;
}

/** One entry of the state as the single routes it stands for. */
function expandRun(entry: Route): Route[] {
  const first = entry.to === "default" ? "0.0.0.0/0" : entry.to === "default6" ? "::/0" : entry.to;
  const hops = entry.via === undefined || entry.via === "network" ? [] : addressesFrom(entry.via, entry.count);
  const source = entry.source && String(IpAddress.parse(entry.source));
  return subnetsFrom(first, entry.count).map((to, position) => {
    const via = entry.via === "network" ? to.split("/")[0] : hops[position];
    return { ...entry, to, via, source, count: 1 };
  });
}

function routeValue(entry: Route): Attributes {
  return {
    via: entry.via ?? null,
    protocol: routeProtocol,
    ...(entry.device ? { device: entry.device } : {}),
    ...(entry.source ? { source: entry.source } : {}),
    ...(entry.onlink ? { onlink: true } : {}),
  };
}

/** Every attribute podnet can write, so that the route can be put back as it was. */
export function observedRoute(found: RouteFact): Attributes {
  const { via, device, protocol, scope, source, onlink, unsupported } = found;
  return { via, device, protocol, scope, source, onlink, unsupported };
}

function routeWords(destination: string, value: Attributes): string {
  // An IPv4 route by an IPv6 next hop (RFC 8950) says so; iproute2 takes none of another family by itself.
  const family = String(value.via).includes(":") && !destination.includes(":") ? "inet6 " : "";
  const words = [
    value.via ? ` via ${family}${value.via}` : "",
    value.device ? ` dev ${value.device}` : "",
    value.onlink ? " onlink" : "",
    value.protocol ? ` proto ${value.protocol}` : "",
    value.scope ? ` scope ${value.scope}` : "",
    value.source ? ` src ${value.source}` : "",
  ];
  return words.join("");
}
