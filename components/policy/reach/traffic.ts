/**
 * What a packet may be, as one line of whole numbers: blocks of 65,536, one for each protocol and address family, and
 * in a block the port, the ICMP message (type × 256 + code) or the protocol's number. A rule's ports are then ranges of
 * numbers, and "what is left" is a difference of ranges.
 */
export type Traffic = readonly Range[];
export type Range = readonly [first: number, last: number];

/** Protocols with a block of their own; "other" has the numbers of all the rest. */
export const protocols = ["TCP", "UDP", "SCTP", "UDPLite", "ICMP", "ICMPv6", "other"] as const;
export type Protocol = (typeof protocols)[number];

/** IANA's protocol numbers of those that have a block. */
const numbers: Record<number, Protocol> = { 1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6", 132: "SCTP", 136: "UDPLite" };

/** Address families as a mask: 1 is IPv4, 2 is IPv6. */
export type Families = number;
export const ipv4 = 1;
export const ipv6 = 2;
export const bothFamilies = ipv4 | ipv6;

export const blockSize = 65536;
const familySize = protocols.length * blockSize;

/** Where a block begins. */
export function blockStart(family: Families, protocol: Protocol): number {
  return (family === ipv6 ? familySize : 0) + protocols.indexOf(protocol) * blockSize;
}

export const nothing: Traffic = [];

/** Everything of these families. */
export function everything(families: Families): Traffic {
  if (families === bothFamilies) return [[0, 2 * familySize - 1]];
  if (families === ipv4) return [[0, familySize - 1]];
  return families === ipv6 ? [[familySize, 2 * familySize - 1]] : nothing;
}

/** These ports of a protocol, or all of it, in both families. */
export function ports(protocol: Protocol, first = 0, last = blockSize - 1): Traffic {
  return union(
    [ipv4, ipv6].map((family) => {
      const start = blockStart(family, protocol);
      return [[start + first, start + last]] as Traffic;
    }),
  );
}

/** A protocol by its number in the IP header. */
export function protocolNumber(number: number): Traffic {
  const own = numbers[number];
  return own ? ports(own) : ports("other", number, number);
}

export function union(all: readonly Traffic[]): Traffic {
  const [first, ...rest] = all.filter((traffic) => traffic.length > 0);
  if (rest.length === 0) return first ?? nothing;
  const ranges = all.flat().sort((left, right) => left[0] - right[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export function intersection(left: Traffic, right: Traffic): Traffic {
  const common: Range[] = [];
  let [at, other] = [0, 0];
  while (at < left.length && other < right.length) {
    const [one, two] = [left[at] as Range, right[other] as Range];
    const [first, last] = [Math.max(one[0], two[0]), Math.min(one[1], two[1])];
    if (first <= last) common.push([first, last]);
    if (one[1] < two[1]) at += 1;
    else other += 1;
  }
  return common;
}

export function difference(left: Traffic, right: Traffic): Traffic {
  if (left.length === 0 || right.length === 0) return left;
  const rest: Range[] = [];
  let other = 0;
  for (const [first, last] of left) {
    let from = first;
    while (other < right.length && (right[other] as Range)[1] < from) other += 1;
    for (let next = other; next < right.length && from <= last; next += 1) {
      const [start, end] = right[next] as Range;
      if (start > last) break;
      if (start > from) rest.push([from, start - 1]);
      from = end + 1;
    }
    if (from <= last) rest.push([from, last]);
  }
  return rest;
}

export function includes(traffic: Traffic, point: number): boolean {
  return traffic.some(([first, last]) => first <= point && point <= last);
}
