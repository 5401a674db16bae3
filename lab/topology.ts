import { firstNodeHost, lastNodeHost, type SegmentName } from "./address";

export type NodeKind = "full" | "light" | "kubernetes";

/** What a user asks for. */
export interface NodeRequest {
  /** Host name and switch port: lower-case letters, digits and "-", at most 12 characters. */
  name: string;
  /** @default "a" */
  segment?: SegmentName;
  /**
   * `full` boots systemd, `light` has sshd and its own kernel network state only, `kubernetes` is a full one that is a
   * node of the lab's cluster.
   *
   * @default "full"
   */
  kind?: NodeKind;
  /** A second NIC, eth1, in segment a, down and without an address. @default false */
  secondNic?: boolean;
}

/** A node with its place in the underlay; the place never moves while the node is in the lab. */
export interface PlacedNode {
  name: string;
  segment: SegmentName;
  kind: NodeKind;
  secondNic: boolean;
  host: number;
}

/** Ports of the switch that are not nodes. */
const reserved = ["lo", "control", "operator", "router-a", "router-b", "segment-a", "segment-b"];

/** Two nodes in segment a and one behind the router, so that the default shows both ways between nodes. */
export const defaultNodes: NodeRequest[] = [
  { name: "node1", segment: "a" },
  { name: "node2", segment: "a" },
  { name: "node3", segment: "b" },
];

export function requestProblems(requests: NodeRequest[]): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { name } of requests) {
    if (!/^[a-z][a-z0-9-]{0,11}$/.test(name)) {
      problems.push(`node "${name}": a lab node's name is 1 to 12 lower-case letters, digits and "-", a letter first`);
    }
    if (reserved.includes(name))
      problems.push(`node "${name}": the lab's switch uses this name itself; choose another`);
    if (seen.has(name)) problems.push(`node "${name}": asked for twice`);
    seen.add(name);
  }
  return problems;
}

/** Places the nodes asked for: those that are there as asked keep their host number, others get the lowest free one. */
export function place(present: PlacedNode[], requests: NodeRequest[]): PlacedNode[] {
  const kept = new Map(present.map((node) => [node.name, node]));
  const wanted = requests.map(({ name, segment = "a", kind = "full", secondNic = false }) => {
    const old = kept.get(name);
    const same = old?.segment === segment && old.kind === kind && old.secondNic === secondNic;
    return { name, segment, kind, secondNic, host: same ? old.host : 0 };
  });
  const taken = { a: new Set<number>(), b: new Set<number>() };
  for (const node of wanted) taken[node.segment].add(node.host);
  const next = { a: firstNodeHost, b: firstNodeHost };
  return wanted.map((node) => {
    if (node.host !== 0) return node;
    while (taken[node.segment].has(next[node.segment])) next[node.segment] += 1;
    const host = next[node.segment]++;
    if (host > lastNodeHost)
      throw new Error(`segment ${node.segment} of the lab is full: it holds ${lastNodeHost - firstNodeHost + 1} nodes`);
    return { ...node, host };
  });
}
