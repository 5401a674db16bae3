import type { Endpoint } from "./endpoint";

/** Pairs that are the same for a reader: from each of these to each of those. */
export interface Group<T> {
  from: readonly number[];
  to: readonly number[];
  what: T;
}

/**
 * Joins pairs into groups: first the destinations of a source with one key, then the sources with the same ones.
 *
 * @param pairs of one source each, so that a million are never held at once
 */
export function groupPairs<T>(
  sources: Iterable<{ from: number; to: Iterable<{ to: number; key: string | number; what: T }> }>,
): Group<T>[] {
  const groups = new Map<string, { from: number[]; to: number[]; what: T }>();
  for (const { from, to } of sources) {
    const byKey = new Map<string | number, { to: number[]; what: T }>();
    for (const pair of to) {
      const same = byKey.get(pair.key);
      if (same) same.to.push(pair.to);
      else byKey.set(pair.key, { to: [pair.to], what: pair.what });
    }
    for (const [key, { to: ends, what }] of byKey) {
      const text = `${key} ${ends.join(",")}`;
      const same = groups.get(text);
      if (same) same.from.push(from);
      else groups.set(text, { from: [from], to: ends, what });
    }
  }
  return [...groups.values()];
}

/** Names up to this many are listed; more of a namespace are counted. */
const listed = 4;

/** "every workload", "shop: all 4 workloads", "shop: Deployment/web, Deployment/db". */
export function endpointWords(indices: readonly number[], endpoints: readonly Endpoint[]): string {
  const meant = indices.map((index) => endpoints[index] as Endpoint);
  const pods = endpoints.filter(({ namespace }) => namespace);
  const outside = endpoints.filter(({ namespace }) => !namespace);
  const [mine, others] = [meant.filter(({ namespace }) => namespace), meant.filter(({ namespace }) => !namespace)];
  const words =
    mine.length === pods.length && mine.length > 1
      ? ["every workload"]
      : [...Map.groupBy(mine, ({ namespace }) => namespace?.name ?? "")].map(([namespace, some]) => {
          const all = pods.filter((one) => one.namespace?.name === namespace).length;
          return `${namespace}: ${namespaceWords(some, all, endpoints)}`;
        });
  if (others.length === 0) return words.join("; ");
  const out = others.length === outside.length && outside.length > 1 ? ["any outside address"] : outsideWords(others);
  return [...words, ...out].join("; ");
}

function namespaceWords(some: readonly Endpoint[], all: number, endpoints: readonly Endpoint[]): string {
  const names = [...new Set(some.map((endpoint) => endpointName(endpoint, endpoints)))];
  if (some.length === all && all > 1) return `all ${all} workloads`;
  if (names.length <= listed) return names.join(", ");
  return `${names.slice(0, listed - 1).join(", ")} and ${names.length - listed + 1} more of ${all}`;
}

function outsideWords(outside: readonly Endpoint[]): string[] {
  const names = outside.map(({ name }) => name);
  return names.length <= listed ? names : [...names.slice(0, listed - 1), `${names.length - listed + 1} more ranges`];
}

/** A workload's name, with what parts it from others of the same owner. */
export function endpointName(endpoint: Endpoint, endpoints: readonly Endpoint[]): string {
  const host = endpoint.hostNetwork ? " (host network)" : "";
  const twins = twinsOf(endpoint, endpoints);
  if (twins.length === 0) return `${endpoint.name}${host}`;
  const own = Object.entries(endpoint.labels).filter(([label, value]) =>
    twins.some(({ labels }) => labels[label] !== value),
  );
  const apart =
    own.length > 0 ? own.map(([label, value]) => `${label}=${value}`).join(",") : endpoint.addresses.join(",");
  return apart === "" ? `${endpoint.name}${host}` : `${endpoint.name}[${apart}]${host}`;
}

const kept = new WeakMap<readonly Endpoint[], Map<string, Endpoint[]>>();

function twinsOf(endpoint: Endpoint, endpoints: readonly Endpoint[]): Endpoint[] {
  const name = (one: Endpoint) => `${one.namespace?.name}/${one.name}`;
  const known = kept.get(endpoints) ?? Map.groupBy(endpoints, name);
  kept.set(endpoints, known);
  return (known.get(name(endpoint)) ?? []).filter((other) => other !== endpoint);
}
