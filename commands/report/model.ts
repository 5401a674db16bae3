/** A report, decided: all that its page shows of a stack, before a letter of HTML. */
export interface Report {
  stack: string;
  /** When the state was written last, as ISO 8601 has it. */
  at: string | undefined;
  networks: Network[];
  /** Who reaches whom by policies; absent where no workload is known. */
  reach: Reach | undefined;
  /** Objects of the stack that decide over connections. */
  policies: string[];
  changes: Changes;
}

export interface Network {
  name: string;
  /** Which network: "bridge". */
  kind: string;
  /** What it is set to, in the order of weight: ["Pod CIDR", "10.244.0.0/16"]. */
  facts: [string, string][];
  segments: Segment[];
  /** How packets leave a segment for another: one line each way. */
  ways: Way[];
  proof: Proof | undefined;
}

export interface Segment {
  name: string;
  subnets: string[];
  routers: string[];
  nodes: Node[];
}

/** How a node is: what was wrong last, the worst of it. */
export type Health = "ok" | "changed by hand" | "failing" | "unreachable" | "not made";

export interface Node {
  name: string;
  addresses: string[];
  subnets: string[];
  mtu: number | undefined;
  health: Health;
  /** Why it is not well. */
  reasons: string[];
  /** Routes to other nodes' pods, in words; a run of them is one. */
  routes: string[];
  /** How many routes these are. */
  routeCount: number;
  /** Tunnel devices, in words. */
  tunnels: string[];
}

export interface Way {
  kind: "tunnel" | "router" | "overlay";
  /** "vxlan podnet-vx0, VNI 1, UDP 4789". */
  what: string;
  segments: string[];
}

/** What probes proved last. */
export interface Proof {
  passed: boolean;
  summary: string;
  failures: string[];
  /** Bytes of the packets that must not be cut up. */
  mtu: number | undefined;
  heat: Heat | undefined;
}

/** A row for each sender, a column for each receiver: nodes, or groups of neighbours where there are many. */
export interface Heat {
  names: string[];
  /** What a name stands for: how many nodes. */
  sizes: number[];
  cells: (HeatCell | undefined)[][];
}

export interface HeatCell {
  /** What is read: "0.11 ms", "not 1450 bytes"; one for each address family, or the slowest of many. */
  text: string;
  /** The slowest round trip; none where nothing answered. */
  milliseconds: number | undefined;
  failed: number;
  probes: number;
}

/** Who reaches whom: workloads, or namespaces where there are many. */
export interface Reach {
  by: "workload" | "namespace";
  names: string[];
  /** Rows send, columns receive. */
  cells: ReachCell[][];
  /** The same in groups, with the rules that decided. */
  lines: { from: string; to: string; traffic: string; because: string[] }[];
  unevaluated: string[];
}

export interface ReachCell {
  share: "all" | "some" | "none" | "not asked";
  text: string;
}

export interface Changes {
  /** When the last update began and ended to change resources. */
  from: string | undefined;
  to: string | undefined;
  groups: { action: "created" | "changed"; what: string; count: number; names: string[] }[];
  /** What the networks' own tables call the last change. */
  classes: { network: string; class: string }[];
}
