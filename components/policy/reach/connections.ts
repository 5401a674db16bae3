import type { Endpoint } from "./endpoint";
import { type Group, groupPairs } from "./group";
import type { Connection, Reachability } from "./reachability";

/** What may pass between the workloads of a group. */
export interface Allowed extends Group<number> {
  /** What decided over the first pair; others of the group may be decided by other rules. */
  because: readonly Connection[];
}

/**
 * Allowed connections in groups. A pod's with itself are left out: nothing can close them. So are those between two
 * addresses outside.
 *
 * @param keep which pairs are asked for; all without it
 */
export function allowedConnections(
  reach: Reachability,
  keep: (from: Endpoint, to: Endpoint) => boolean = () => true,
): Allowed[] {
  const table = reach.table();
  const { endpoints } = reach;
  const count = endpoints.length;
  const sources = endpoints.map((source, from) => ({
    from,
    to: endpoints.flatMap((destination, to) => {
      const number = table[from * count + to] as number;
      const shown = reach.traffic(number).length > 0 && asked(reach, from, to) && keep(source, destination);
      return shown ? [{ to, key: `${number} ${source.families & destination.families}`, what: number }] : [];
    }),
  }));
  return groupPairs<number>(sources).map((group) => {
    const [from, to] = [group.from[0] as number, group.to[0] as number];
    return { ...group, because: reach.connections(from, to).filter(({ allow }) => allow) };
  });
}

/** Whether a pair is one that policies can open or close. */
export function asked({ endpoints, pods }: Reachability, from: number, to: number): boolean {
  if (from >= pods && to >= pods) return false;
  return from !== to || (endpoints[from] as Endpoint).pods.length > 1;
}
