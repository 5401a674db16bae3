import {
  blockSize,
  blockStart,
  bothFamilies,
  everything,
  type Families,
  intersection,
  ipv4,
  ipv6,
  type Protocol,
  protocols,
  type Traffic,
} from "./traffic";

const familyNames: Record<Families, string> = { [ipv4]: "IPv4", [ipv6]: "IPv6" };

/**
 * Traffic as people write it: "all", "TCP 80,443,8000-8100", "all but TCP 22".
 *
 * @param families those that both ends have; a family is named only where they differ
 */
export function trafficWords(traffic: Traffic, families: Families = bothFamilies): string {
  const byFamily = [ipv4, ipv6]
    .filter((family) => families & family)
    .map((family) => ({ name: familyNames[family], words: familyWords(traffic, family) }))
    .filter(({ words }) => words !== "");
  const [first] = byFamily;
  if (first === undefined) return "nothing";
  const count = [ipv4, ipv6].filter((family) => families & family).length;
  if (byFamily.length === count && byFamily.every(({ words }) => words === first.words)) return first.words;
  return byFamily.map(({ name, words }) => `${words} by ${name}`).join("; ");
}

/** ICMP is of IPv4 and ICMPv6 of IPv6; the other one of the two is in no packet of the family. */
const spoken = (family: Families) => protocols.filter((protocol) => protocol !== (family === ipv4 ? "ICMPv6" : "ICMP"));

function familyWords(traffic: Traffic, family: Families): string {
  const own = intersection(traffic, everything(family));
  const parts = spoken(family).map((protocol) => ({ protocol, ranges: block(own, family, protocol) }));
  const some = parts.filter(({ ranges }) => ranges.length > 0);
  const partly = parts.filter(({ ranges }) => !isWhole(ranges));
  if (partly.length === 0) return "all";
  const whole = some.filter(({ ranges }) => isWhole(ranges));
  // More protocols are open than not: what is closed is the shorter thing to say.
  if (whole.length > partly.length)
    return `all but ${partly.map(({ protocol, ranges }) => blockWords(protocol, complement(ranges))).join(", ")}`;
  return some.map(({ protocol, ranges }) => blockWords(protocol, ranges)).join(", ");
}

function block(traffic: Traffic, family: Families, protocol: Protocol): Traffic {
  const start = blockStart(family, protocol);
  return intersection(traffic, [[start, start + blockSize - 1]]).map(([first, last]) => [first - start, last - start]);
}

/** A port 0 is never used, so that 1-65535 are all. */
const isWhole = (ranges: Traffic) =>
  ranges.length === 1 && (ranges[0]?.[0] ?? 2) <= 1 && ranges[0]?.[1] === blockSize - 1;

function complement(ranges: Traffic): Traffic {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  return next < blockSize ? [...gaps, [next, blockSize - 1]] : gaps;
}

function blockWords(protocol: Protocol, ranges: Traffic): string {
  const name = protocol === "other" ? "other protocols" : protocol;
  if (isWhole(ranges)) return name;
  const words = ranges
    .filter(([, last]) => last > 0 || protocol !== "TCP")
    .map(([first, last]) => range(protocol, first, last));
  return `${name} ${words.join(",")}`;
}

function range(protocol: Protocol, first: number, last: number): string {
  if (protocol === "ICMP" || protocol === "ICMPv6") {
    const [type, code] = [first >> 8, first & 255];
    if (first === last) return `type ${type} code ${code}`;
    return last - first === 255 && code === 0 ? `type ${type}` : `type ${type} to ${last >> 8}`;
  }
  const from = first === 0 && protocol !== "other" ? 1 : first;
  return from === last ? String(from) : `${from}-${last}`;
}
