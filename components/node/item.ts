/**
 * The kinds of things on a node, in the order in which they are made; they are removed in the reverse order. Files come
 * late: a CNI configuration invites pods, and they should find the bridge.
 */
export const kindNames = [
  "module",
  "directory",
  "artifact",
  "link",
  "openvswitch",
  "sysctl",
  "address",
  "route",
  "rule",
  "nftables",
  "iptables",
  "file",
  "unit",
] as const;
export type KindName = (typeof kindNames)[number];

export type Attribute = string | number | boolean | null | string[];
export type Attributes = Record<string, Attribute>;

/** One thing on a node, named by kind and key. Without a value it is wanted away. */
export interface Item {
  kind: KindName;
  key: string;
  value: Attributes | null;
  /** What others made here may be changed without `adopt`; delete puts it back (a sysctl, a NIC's attributes). */
  shared?: boolean;
  /** Set when it moved here with a NIC: the NIC's name. */
  movedWith?: string;
  /** It goes with what it brought: a directory with all that is in it, an iptables rule with the table made for it. */
  purge?: boolean;
}

/** One change of one thing. Undoing it is the same step with from and to exchanged. */
export interface Step {
  kind: KindName;
  key: string;
  from: Attributes | null;
  to: Attributes | null;
  /** Part of taking something away to make it anew (the kernel fixes some attributes at creation): goes first. */
  recreate?: boolean;
}

/** An item's name, for people too: "route 10.244.2.0/24", "sysctl net.ipv4.ip_forward". */
export function identity(thing: { kind: KindName; key: string }): string {
  return `${thing.kind} ${thing.key}`;
}

/**
 * True when what is there has every attribute that is wanted; attributes that nobody asked for do not count, nor does
 * `purge`, which is said of a removal and seen nowhere.
 */
export function satisfies(observed: Attributes | null, wanted: Attributes | null): boolean {
  if (observed === null || wanted === null) return observed === wanted;
  return Object.entries(wanted).every(([name, value]) => name === "purge" || same(observed[name], value));
}

export function same(left: Attribute | undefined, right: Attribute): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((element, index) => element === right[index]);
  return (left ?? null) === right;
}

/** Attributes in a person's words: "via=198.18.0.12 device=eth0"; nothing there: "absent". */
export function describeAttributes(attributes: Attributes | null): string {
  if (attributes === null) return "absent";
  const parts = Object.entries(attributes).filter(([, value]) => value !== null && String(value) !== "");
  return parts.map(([name, value]) => `${name}=${shorten(String(value))}`).join(" ") || "present";
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
