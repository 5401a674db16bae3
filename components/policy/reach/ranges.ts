import { AddressError, Cidr, compare, type Family, IpAddress } from "../../addresses/cidr";

const fields = new Set(["cidr", "except", "networks", "nets", "notNets"]);

/** Every range that a manifest names. */
export function rangesIn(value: unknown, named = false): string[] {
  if (typeof value === "string") return named && readable(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one) => rangesIn(one, named));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => rangesIn(inner, fields.has(field)));
}

function readable(text: string): boolean {
  try {
    return parsed(text) !== undefined;
  } catch (error) {
    if (error instanceof AddressError) return false;
    throw error;
  }
}

function parsed(text: string): Cidr {
  return Cidr.around(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`);
}

/**
 * Parts of all addresses that the ranges tell apart. Two addresses with the same narrowest range around them are in the
 * same ranges, so that each range less those inside of it is one part.
 */
export class RangeParts {
  private readonly ranges: Cidr[];
  private readonly lengths: Record<Family, readonly number[]>;
  private readonly byPrefix = { ipv4: new Map<number, Set<bigint>>(), ipv6: new Map<number, Set<bigint>>() };

  constructor(texts: Iterable<string>, families: readonly Family[]) {
    const whole = families.map((family) => Cidr.of(family, 0n, 0));
    const all = new Map([...whole, ...[...texts].map(parsed)].map((range) => [String(range), range]));
    this.ranges = [...all.values()].sort(compare);
    for (const { family, prefix, base } of this.ranges) {
      const bases = this.byPrefix[family].get(prefix) ?? new Set();
      this.byPrefix[family].set(prefix, bases.add(base));
    }
    const narrowest = (family: Family) => [...this.byPrefix[family].keys()].sort((left, right) => right - left);
    this.lengths = { ipv4: narrowest("ipv4"), ipv6: narrowest("ipv6") };
  }

  /** The narrowest range around an address, as text. */
  around({ family, value }: IpAddress): string {
    const bits = family === "ipv4" ? 32 : 128;
    for (const prefix of this.lengths[family]) {
      const shift = BigInt(bits - prefix);
      const base = (value >> shift) << shift;
      if (this.byPrefix[family].get(prefix)?.has(base)) return String(Cidr.of(family, base, prefix));
    }
    return "";
  }

  /** Each part with one of its addresses; a range that others fill is none. */
  parts(): { range: Cidr; narrower: number; address: IpAddress }[] {
    return this.ranges.flatMap((range, index) => {
      const inner: Cidr[] = [];
      for (let next = index + 1; next < this.ranges.length; next += 1) {
        const other = this.ranges[next] as Cidr;
        if (!range.contains(other)) break;
        if (!inner.at(-1)?.contains(other)) inner.push(other);
      }
      const address = gap(range, inner);
      return address ? [{ range, narrower: inner.length, address }] : [];
    });
  }
}

/** The first address of a range that is in none of those inside of it. */
function gap(range: Cidr, inner: readonly Cidr[]): IpAddress | undefined {
  let next = range.base;
  for (const { base, size } of inner) {
    if (next < base) break;
    next = base + size;
  }
  return next < range.base + range.size ? IpAddress.of(range.family, next) : undefined;
}
