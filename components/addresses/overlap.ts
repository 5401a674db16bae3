import { Cidr, compare } from "./cidr";

export interface NamedRange {
  /** In the user's words: "podCidr", "otherRanges.vpn", "segment a". */
  name: string;
  cidr: string;
}

export interface Overlap {
  first: NamedRange;
  second: NamedRange;
}

/** Docker's default bridge network: taken on a node where Docker runs with its defaults. */
export const dockerDefault: NamedRange = { name: "Docker's default network", cidr: "172.17.0.0/16" };

/**
 * Every pair of ranges that share an address, except pairs of one name (a range may be given in parts).
 *
 * Sorted by first address, a range can only overlap ranges that begin before it ends, so a thousand node addresses
 * are not a million comparisons.
 */
export function overlaps(ranges: readonly NamedRange[]): Overlap[] {
  const sorted = ranges
    .map((range) => ({ range, cidr: Cidr.parse(range.cidr) }))
    .sort((left, right) => compare(left.cidr, right.cidr));
  const found: Overlap[] = [];
  sorted.forEach((one, index) => {
    for (const other of sorted.slice(index + 1)) {
      if (!one.cidr.overlaps(other.cidr)) break;
      if (one.range.name !== other.range.name) found.push({ first: one.range, second: other.range });
    }
  });
  return found;
}
