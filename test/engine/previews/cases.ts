import type { BridgeNetworkArgs, InventoryInput } from "../../../components";

type Written = Omit<BridgeNetworkArgs, "nodes"> & { nodes: InventoryInput };

interface Case {
  name: string;
  before?: Written;
  after: Written | undefined;
  /** Nodes' resources that the last refresh could not look at. */
  unhealthy?: string[];
}

const node = (index: number) => ({
  connection: { host: `198.18.0.${index + 10}`, key: { secret: "BEGIN PRIVATE KEY" } },
});

function pods(count: number, more: Partial<Written> = {}): Written {
  const nodes = Array.from({ length: count }, (_, index) => [`node${index + 1}`, node(index + 1)]);
  return { podCidr: "10.244.0.0/16", nodes: { nodes: Object.fromEntries(nodes) }, ...more };
}

/** One of each verdict, and what a reviewer must not miss. */
export const cases: Case[] = [
  { name: "created", after: pods(3) },
  { name: "safe-node-joins", before: pods(3), after: pods(4) },
  { name: "safe-node-leaves", before: pods(4), after: pods(3) },
  { name: "rolling-masquerade", before: pods(3), after: pods(3, { masquerade: { ipv4: false } }) },
  { name: "disruptive-mtu", before: pods(3), after: pods(3, { mtu: 1400 }), unhealthy: ["pods-node2"] },
  { name: "disruptive-destroyed", before: pods(3), after: undefined },
  { name: "refused-pod-cidr", before: pods(3), after: pods(3, { podCidr: "10.200.0.0/16" }) },
  { name: "refused-overlap", before: pods(3), after: pods(3, { podCidr: "198.18.0.0/16" }) },
  { name: "unchanged", before: pods(3), after: pods(3) },
];
