import { Cidr } from "./cidr";
import { overlaps } from "./overlap";
import type { Problem } from "./problem";

/** A range that each node gets one subnet of. */
export interface Pool {
  cidr: string;
  /** Prefix length of a node's subnet. */
  nodePrefix: number;
}

export interface PlanRequest {
  pools: Pool[];
  /** Newcomers get the lowest free subnets in this order. */
  nodes: string[];
}

/** Each node's subnets, one for each pool, in the pools' order. */
export type Subnets = Record<string, string[]>;

/** Why there is no plan: every reason at once. */
export class PlanError extends Error {
  constructor(readonly problems: Problem[]) {
    super(problems.map(({ rule, fix }) => (fix ? `${rule}; ${fix}` : rule)).join("\n"));
  }
}

/**
 * Gives each node one subnet of each pool. A subnet once given never moves: nodes that come or go renumber nobody.
 */
export function allocate(previous: Subnets | undefined, request: PlanRequest): Subnets {
  const problems = [...requestProblems(request), ...previousProblems(previous ?? {}, request)];
  if (problems.length > 0) throw new PlanError(problems);
  const columns = request.pools.map((pool) => allocatePool(pool, previous ?? {}, request.nodes));
  return Object.fromEntries(request.nodes.map((node) => [node, columns.map((column) => column.get(node) as string)]));
}

function allocatePool({ cidr, nodePrefix }: Pool, previous: Subnets, nodes: string[]): Map<string, string> {
  const pool = Cidr.parse(cidr);
  const kept = new Map(
    nodes.flatMap((node) => {
      const subnet = (previous[node] ?? []).find((one) => pool.contains(Cidr.parse(one)));
      return subnet === undefined ? [] : [[node, subnet] as const];
    }),
  );
  const taken = new Set(kept.values());
  let index = 0n;
  for (const node of nodes) {
    if (kept.has(node)) continue;
    let subnet = String(pool.subnet(index++, nodePrefix));
    while (taken.has(subnet)) subnet = String(pool.subnet(index++, nodePrefix));
    kept.set(node, subnet);
  }
  return kept;
}

function requestProblems({ pools, nodes }: PlanRequest): Problem[] {
  const problems: Problem[] = overlaps(pools.map(({ cidr }, index) => ({ name: `pool ${index + 1}`, cidr }))).map(
    ({ first, second }) => ({
      path: "pools",
      rule: `${first.name} (${first.cidr}) overlaps ${second.name} (${second.cidr})`,
      fix: "give each pool a range of its own",
    }),
  );
  const seen = new Set<string>();
  for (const node of nodes) {
    if (seen.has(node)) problems.push({ path: "nodes", rule: `${node} is listed twice`, fix: "list each node once" });
    seen.add(node);
  }
  for (const { cidr, nodePrefix } of pools) {
    const available = Cidr.parse(cidr).subnets(nodePrefix);
    if (available < BigInt(seen.size)) problems.push(exhausted(cidr, nodePrefix, seen.size, available));
  }
  return problems;
}

function exhausted(cidr: string, nodePrefix: number, needed: number, available: bigint): Problem {
  const pool = Cidr.parse(cidr);
  const more = Math.ceil(Math.log2(needed));
  const largest = pool.family === "ipv4" ? 30 : 126;
  const longer = pool.prefix + more <= largest ? ` or nodePrefix ${pool.prefix + more} in a network not yet made` : "";
  return {
    path: "podCidr",
    value: cidr,
    rule: `${needed} nodes need ${needed} subnets of /${nodePrefix}, and ${cidr} has ${available}`,
    fix: `take a range of /${Math.max(0, nodePrefix - more)} or larger that contains ${cidr}${longer}`,
  };
}

/** A subnet that was given out and fits no pool any more cannot be kept, and must not be taken away silently. */
function previousProblems(previous: Subnets, { pools, nodes }: PlanRequest): Problem[] {
  const parsed = pools.map(({ cidr, nodePrefix }) => ({ pool: Cidr.parse(cidr), nodePrefix }));
  return nodes.flatMap((node) =>
    (previous[node] ?? []).flatMap((text) => {
      const subnet = Cidr.parse(text);
      const candidates = parsed.filter(({ pool }) => pool.family === subnet.family);
      const fits = candidates.some(({ pool, nodePrefix }) => pool.contains(subnet) && nodePrefix === subnet.prefix);
      if (fits || candidates.length === 0) return [];
      const offered = candidates.map(({ pool, nodePrefix }) => `/${nodePrefix} of ${pool}`).join(", ");
      return [
        {
          path: "podCidr",
          rule: `${node} has the pod subnet ${text}, which is no ${offered}`,
          fix: "keep a pool that contains it, with the same nodePrefix, or remove the node first",
        },
      ];
    }),
  );
}
