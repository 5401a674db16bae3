import type { Cidr } from "../addresses/cidr";

/** A range without its holes, as the fewest ranges: halves that have no hole stay whole. */
export function without(range: Cidr, holes: readonly Cidr[]): Cidr[] {
  const inside = holes.filter((hole) => hole.overlaps(range));
  if (inside.length === 0) return [range];
  if (inside.some((hole) => hole.contains(range))) return [];
  return [0, 1].flatMap((half) => without(range.subnet(half, range.prefix + 1), inside));
}
