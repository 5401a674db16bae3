import { type NamedRange, overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import type { Inventory, InventoryNode } from "../inventory";
import { someOf } from "./ranges";

/** What a network takes that no other may have. */
export interface Claims {
  /** The network's name. */
  name: string;
  /** Where it is; without them it shares no node that is known of. */
  nodes?: Inventory;
  /** What stands for the cluster that its objects go to. */
  cluster?: unknown;
  /** Ranges that pods have addresses of, by the setting that says them. */
  ranges: NamedRange[];
  /** What there is once on a node, such as "the device podnet0", by the setting that says it, if one does. */
  things: { path?: string; thing: string }[];
}

/** What every network of pods takes: its name, and its pods' addresses on its nodes; and what else is its own. */
export function claimsOf(
  { name, nodes, podCidr }: { name: string; nodes?: Inventory | undefined; podCidr: readonly string[] },
  things: Claims["things"],
): Claims {
  return {
    name,
    ...(nodes && { nodes }),
    ranges: podCidr.map((cidr) => ({ name: "podCidr", cidr })),
    things: [{ path: "name", thing: `the name ${name}` }, ...things],
  };
}

/** What there is once in a cluster: a network that attaches its pods. */
export const clusterNetwork = { thing: "the cluster's pod network" };

const networks = new WeakMap<object, Claims[]>();

/**
 * The networks made so far by the program that runs, for the next one to be added.
 *
 * @param stack what stands for the run: a process can run several programs, one after another or at a time
 */
export function networksOf(stack: object | undefined): Claims[] {
  if (stack === undefined) return [];
  const known = networks.get(stack) ?? [];
  networks.set(stack, known);
  return known;
}

/** Two networks on one node cannot have the same addresses, nor devices of one name; nor can two attach a cluster's pods. */
export function besideProblems(own: Claims, others: readonly Claims[]): Problem[] {
  return others.flatMap((other) => {
    const shared = sharedNodes(own, other);
    if (shared.length === 0) return sameCluster(own, other);
    const where = `the network "${other.name}", on ${someOf(shared)} too`;
    const things = own.things.filter(({ thing }) => other.things.some((one) => one.thing === thing));
    return [
      ...meetings(own, other).map(({ mine, theirs }) => ({
        path: mine.name,
        value: mine.cidr,
        rule: `${mine.name} ${mine.cidr} overlaps ${theirs.cidr} of ${where}`,
        fix: "give each network a range of its own",
      })),
      ...things.map(({ path, thing }) => ({
        path: path ?? "nodes",
        rule: `${thing} belongs to ${where}`,
        fix: `${path ? `say another ${path}, or ` : ""}take the nodes out of one of the networks`,
      })),
    ];
  });
}

/** Of two whose nodes are known, each may have its part of a cluster's. */
function sameCluster(own: Claims, other: Claims): Problem[] {
  if ((own.nodes && other.nodes) || own.cluster !== other.cluster) return [];
  if (![own, other].every(({ things }) => things.includes(clusterNetwork))) return [];
  return [
    {
      path: "nodes",
      rule: `${clusterNetwork.thing} belongs to the network "${other.name}", whose objects go to the same cluster`,
      fix: "take one of the networks out; or, where they are of two clusters, give each the Kubernetes provider of its own",
    },
  ];
}

/** On nodes of their own they may be two clusters that never meet: that is the user's to judge. */
export function besideWarnings(own: Claims, others: readonly Claims[]): string[] {
  return others
    .filter((other) => sharedNodes(own, other).length === 0)
    .flatMap((other) =>
      meetings(own, other).map(
        ({ mine, theirs }) =>
          `${mine.name} ${mine.cidr} overlaps ${theirs.cidr} of the network "${other.name}": pods of the two can never reach each other`,
      ),
    );
}

function meetings(own: Claims, other: Claims): { mine: NamedRange; theirs: NamedRange }[] {
  return own.ranges.flatMap((mine) =>
    other.ranges
      .filter((theirs) => overlaps([mine, { ...theirs, name: "theirs" }]).length > 0)
      .map((theirs) => ({ mine, theirs })),
  );
}

/** The same machine by the way it is reached, whatever it is called. */
function sharedNodes(own: Claims, other: Claims): InventoryNode[] {
  const place = ({ connection: { host, port, jump } }: InventoryNode) =>
    JSON.stringify([host, port, jump && [jump.host, jump.port]]);
  const places = new Set(other.nodes?.nodes.map(place));
  return (own.nodes?.nodes ?? []).filter((node) => places.has(place(node)));
}
