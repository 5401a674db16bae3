import type { Attributes } from "./item";

/** What was read on a node, by one script, before anything is planned. */
export interface Facts {
  bootId: string;
  /** Another value whenever anybody's change of the node was committed or undone. */
  generation: string;
  /** Names of the programs that are there, of those podnet uses. */
  tools: Set<string>;
  links: Map<string, LinkFact>;
  addresses: AddressFact[];
  routes: RouteFact[];
  rules: RuleFact[];
  /** Flood entries of vxlan devices: device → peers. */
  floods: Map<string, string[]>;
  modules: Set<string>;
  /** Absent: the kernel has no such sysctl. */
  sysctls: Map<string, string>;
  /** Absent: nothing at that path. */
  paths: Map<string, PathFact>;
  /** `known`: systemd has such a unit, whoever made it. */
  units: Map<string, { known: boolean; enabled: boolean; active: boolean }>;
  /** "family table" → what `nft -s list table` prints. */
  nftables: Map<string, string>;
  /** "family table" → SHA-256 of that listing when the last change was committed. */
  listings: Map<string, string>;
  /** "family table" of every table with a chain in it. */
  tables: Set<string>;
  /** Base chains at the forward hook whose policy is drop, as "family table chain". */
  dropsForward: string[];
  /** "family table chain rule" of every iptables rule that was asked for and is there. */
  iptables: Set<string>;
  /** Rows of Open vSwitch's database by "table name"; undefined: it was not asked, or did not answer. */
  openvswitch: Map<string, Attributes> | undefined;
  /** NICs that a service manages on its own (NetworkManager, systemd-networkd): device → service. */
  managed: Map<string, string>;
  /** This owner's committed manifest, as it lies on the node. */
  manifest: ManifestTexts | undefined;
  pending: Pending | undefined;
  /** Owners that have committed state on this node. */
  owners: string[];
  /** What the node remembers of the other owners, by name. */
  others: Map<string, ManifestTexts>;
}

export interface LinkFact {
  name: string;
  /** "bridge", "vxlan", ... ; "" for a NIC. */
  type: string;
  mac: string;
  mtu: number;
  up: boolean;
  master: string | null;
  /** The other end of a veth pair, when it is in the same network namespace. */
  peer?: string;
  /** `info_data` of iproute2. */
  details: Record<string, unknown>;
}

export interface AddressFact {
  device: string;
  /** With prefix length. */
  address: string;
  scope: string;
  broadcast: string | null;
  /** The other end of a point-to-point link. */
  peer: string | null;
  /** A lease or a router advertisement gave it: it is not ours to move. */
  dynamic: boolean;
}

export interface RouteFact {
  family: "ipv4" | "ipv6";
  to: string;
  via: string | null;
  device: string | null;
  table: number;
  metric: number;
  protocol: string;
  scope: string | null;
  source: string | null;
  onlink: boolean;
  /** The devices of several next hops, of which `via` and `device` name none. */
  devices?: string[];
  /** Attributes that podnet cannot write again (several next hops, encapsulation, metrics). */
  unsupported: string[];
}

export interface RuleFact {
  family: "ipv4" | "ipv6";
  priority: number;
  from: string | null;
  to: string | null;
  fwmark: string | null;
  table: number;
  /** What else decides whom the rule is for: `iif`, `uidrange` and others that podnet does not write. */
  unsupported: string[];
}

export interface PathFact {
  type: "file" | "directory" | "other";
  mode: string;
  uid: number;
  gid: number;
  sha256: string | null;
}

/** A change on the node that is neither confirmed nor undone. */
export interface Pending {
  owner: string;
  token: string;
  /** Seconds until the node undoes it by itself; 0 or less: it is overdue. */
  secondsLeft: number;
  /** What was decided about it and is not done yet. */
  verdict: "commit" | "undo" | undefined;
}

/** A path as the attributes that file-like kinds compare. */
export function pathAttributes(path: PathFact | undefined): Attributes | null {
  if (path === undefined) return null;
  return { type: path.type, sha256: path.sha256, mode: path.mode, uid: path.uid, gid: path.gid };
}

/**
 * A manifest as the node keeps it, in two files: what is wanted, which every change writes, and what was there before,
 * which a change that only adds routes need not know.
 */
export interface ManifestTexts {
  manifest: string;
  origins: string;
}
