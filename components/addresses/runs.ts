import { addressesFrom, Cidr, compare, IpAddress, nthAddress, nthSubnet, subnetsFrom } from "./cidr";

/** One subnet and how to get there: by an address, or by the subnet's own network address. */
export interface Hop {
  to: string;
  via: string | "network";
}

/** `count` subnets of one size after another, each by the next hop that follows the one before. */
export interface HopRun extends Hop {
  count: number;
}

interface Parsed {
  to: Cidr;
  via: IpAddress | "network";
}

/**
 * Writes routes as runs, so that a node's state does not grow with the cluster.
 *
 * ```
 * 10.244.0.0/24 via 198.18.0.11 ┐
 * 10.244.1.0/24 via 198.18.0.12 ├─ 10.244.0.0/24 via 198.18.0.11, count 3
 * 10.244.2.0/24 via 198.18.0.13 ┘
 * 10.244.7.0/24 via 198.18.0.20 ── 10.244.7.0/24 via 198.18.0.20, count 1
 * ```
 */
export function compress(hops: readonly Hop[]): HopRun[] {
  const sorted = hops.map(parse).sort((left, right) => compare(left.to, right.to));
  const runs: { first: Parsed; last: Parsed; count: number }[] = [];
  for (const hop of sorted) {
    const run = runs.at(-1);
    if (run && follows(run.last, hop)) {
      run.last = hop;
      run.count += 1;
    } else {
      runs.push({ first: hop, last: hop, count: 1 });
    }
  }
  return runs.map(({ first, count }) => ({ to: String(first.to), via: String(first.via), count }));
}

/** The single routes that runs stand for. */
export function expand(runs: readonly HopRun[]): Hop[] {
  return runs.flatMap(({ to, via, count }) => {
    const hops = via === "network" ? [] : addressesFrom(via, count);
    return subnetsFrom(to, count).map((subnet, index) => ({ to: subnet, via: hops[index] ?? "network" }));
  });
}

/** The runs without one subnet: a run that holds it falls into what stands before it and what stands after. */
export function without(runs: readonly HopRun[], subnet: string): HopRun[] {
  const gone = Cidr.parse(subnet);
  return runs.flatMap((run) => {
    const to = Cidr.parse(run.to);
    if (gone.family !== to.family || gone.prefix !== to.prefix) return [run];
    const index = Number((gone.base - to.base) / to.size);
    if (index < 0 || index >= run.count) return [run];
    const before = { ...run, count: index };
    if (index + 1 === run.count) return index > 0 ? [before] : [];
    const after = { to: nthSubnet(run.to, index + 1), via: nthHop(run.via, index + 1), count: run.count - index - 1 };
    return index > 0 ? [before, after] : [after];
  });
}

/** Addresses as runs of consecutive ones. */
export function compressAddresses(addresses: readonly string[]): { address: string; count: number }[] {
  const runs: { first: IpAddress; count: number }[] = [];
  for (const address of addresses.map(IpAddress.parse).sort(compare)) {
    const run = runs.at(-1);
    if (run?.first.family === address.family && run.first.value + BigInt(run.count) === address.value) run.count += 1;
    else runs.push({ first: address, count: 1 });
  }
  return runs.map(({ first, count }) => ({ address: String(first), count }));
}

function parse({ to, via }: Hop): Parsed {
  return { to: Cidr.parse(to), via: via === "network" ? via : IpAddress.parse(via) };
}

function nthHop(via: Hop["via"], count: number): Hop["via"] {
  return via === "network" ? via : nthAddress(via, count);
}

function follows(last: Parsed, next: Parsed): boolean {
  const nextSubnet =
    last.to.family === next.to.family &&
    last.to.prefix === next.to.prefix &&
    last.to.base + last.to.size === next.to.base;
  if (!nextSubnet || last.via === "network" || next.via === "network") return nextSubnet && last.via === next.via;
  return last.via.family === next.via.family && last.via.value + 1n === next.via.value;
}
