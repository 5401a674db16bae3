import { asked } from "./connections";
import { type Decider, deciderWords } from "./decider";
import type { Endpoint } from "./endpoint";
import { endpointName, endpointWords, groupPairs } from "./group";
import type { Reachability } from "./reachability";
import { difference, type Families, intersection, type Traffic } from "./traffic";
import { trafficWords } from "./traffic-words";

/** Connections between workloads that a change opens or closes. */
export interface Change {
  change: "opened" | "closed";
  from: string;
  to: string;
  /** How many pairs of workloads it is about. */
  pairs: number;
  traffic: string;
  /** What decides over them after the change, at most three. */
  because: readonly string[];
}

export interface Difference {
  opened: readonly Change[];
  closed: readonly Change[];
  /** Workloads that only one of the two has: their connections are not listed. */
  added: readonly string[];
  removed: readonly string[];
}

/**
 * What a change of policies or labels opens and closes between workloads that are there before and after, grouped for
 * a reader: workloads by what made them, ports as ranges. Each was evaluated beside the other's policies.
 */
export function diff(before: Reachability, after: Reachability): Difference {
  const [old, fresh] = [named(before), named(after)];
  // By name, and not in the order in which objects were read: that of a preview is the engine's, and is another each time.
  const common = [...fresh]
    .flatMap(([name, now]) => {
      const then = old.get(name);
      return then === undefined ? [] : [{ name, now, then }];
    })
    .sort(
      (one, other) => Number(one.now >= after.pods) - Number(other.now >= after.pods) || compare(one.name, other.name),
    );
  const [tableBefore, tableAfter] = [before.table(), after.table()];
  const [oldCount, count] = [before.endpoints.length, after.endpoints.length];
  const pairs = (change: Change["change"]) =>
    groupPairs<{ traffic: Traffic; families: Families }>(
      common.map((source) => ({
        from: source.now,
        to: common.flatMap((destination) => {
          if (!asked(after, source.now, destination.now)) return [];
          const [was, is] = [
            before.traffic(tableBefore[source.then * oldCount + destination.then] as number),
            after.traffic(tableAfter[source.now * count + destination.now] as number),
          ];
          if (was === is) return [];
          const traffic = change === "opened" ? difference(is, was) : difference(was, is);
          if (traffic.length === 0) return [];
          const what = { traffic, families: after.families(source.now, destination.now) };
          return [{ to: destination.now, key: `${traffic.join(";")} ${what.families}`, what }];
        }),
      })),
    ).map((group) => changeOf(change, group, after));
  return {
    opened: pairs("opened"),
    closed: pairs("closed"),
    added: onlyIn(fresh, old, after),
    removed: onlyIn(old, fresh, before),
  };
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function changeOf(
  change: Change["change"],
  {
    from,
    to,
    what,
  }: { from: readonly number[]; to: readonly number[]; what: { traffic: Traffic; families: Families } },
  after: Reachability,
): Change {
  return {
    change,
    from: endpointWords(from, after.endpoints),
    to: endpointWords(to, after.endpoints),
    pairs: from.length * to.length,
    traffic: trafficWords(what.traffic, what.families),
    because: reasons(after, from, to, what.traffic, change === "opened"),
  };
}

const reasonsShown = 3;
/** Pairs of a group that are asked for their rules: enough to find those that a reader is shown. */
const pairsAsked = 20;

function reasons(
  reach: Reachability,
  from: readonly number[],
  to: readonly number[],
  traffic: Traffic,
  allow: boolean,
): string[] {
  const found = new Set<string>();
  const pairs = from
    .slice(0, pairsAsked)
    .flatMap((one) => to.slice(0, pairsAsked).map((other) => [one, other] as const));
  for (const [one, other] of pairs.slice(0, pairsAsked))
    for (const connection of reach.connections(one, other))
      if (connection.allow === allow && intersection(connection.traffic, traffic).length > 0)
        for (const decider of [connection.egress, connection.ingress])
          if (speaks(decider) && decider.allow === allow) found.add(deciderWords(decider));
  if (found.size === 0) found.add("no policy selects them");
  return [...found].slice(0, reasonsShown);
}

/** Whether a policy decided, and not the lack of one. */
const speaks = ({ policy, isolatedBy }: Decider) => policy !== undefined || isolatedBy !== undefined;

/** Endpoints by what they are called: one owner is the same workload before and after, though its labels change. */
function named({ endpoints, pods }: Reachability): Map<string, number> {
  const plain = (endpoint: Endpoint) => `${endpoint.namespace?.name}/${endpoint.name}`;
  const count = Map.groupBy(endpoints, plain);
  return new Map(
    endpoints.map((endpoint, index) => {
      if (index >= pods) return [endpoint.key, index];
      const name = plain(endpoint);
      return [(count.get(name)?.length ?? 0) > 1 ? `${name} ${endpointName(endpoint, endpoints)}` : name, index];
    }),
  );
}

function onlyIn(mine: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>, reach: Reachability): string[] {
  return [...mine]
    .filter(([name, index]) => index < reach.pods && !other.has(name))
    .map(([, index]) => endpointWords([index], reach.endpoints));
}
