import { Cidr, type Family } from "../addresses/cidr";
import { few } from "../few";
import type { Inventory, InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";

/** What a firewall between the nodes must let through. */
export interface FirewallPort {
  protocol: "tcp" | "udp" | "ipip" | "esp";
  /** As IANA numbers it, and as some clouds' security groups want it. */
  protocolNumber: 6 | 17 | 4 | 50;
  /** None where the protocol has no ports. */
  port?: number;
}

export const tcpPort = (port: number): FirewallPort => ({ protocol: "tcp", protocolNumber: 6, port });
export const udpPort = (port: number): FirewallPort => ({ protocol: "udp", protocolNumber: 17, port });

/** Rules that accept them ahead of a node's own, from the nodes' segments where they are described. */
export function openedPorts(
  ports: readonly FirewallPort[],
  families: readonly Family[],
  node: InventoryNode,
  { segments }: Inventory,
): NonNullable<NodeStateInput["iptables"]> {
  const described = Object.values(segments).flatMap(({ subnets }) => subnets);
  return families.flatMap((family) => {
    if (!node.addresses.some((address) => address.includes(":") === (family === "ipv6"))) return [];
    const sources = described.filter((subnet) => Cidr.parse(subnet).family === family);
    return ports.flatMap(({ protocol, protocolNumber, port }) => {
      const match = port === undefined ? ["-p", String(protocolNumber)] : ["-p", protocol, "--dport", String(port)];
      const from = sources.length > 0 ? sources.map((source) => ["-s", source]) : [[]];
      return from.map((source) => ({
        family,
        table: "filter" as const,
        chain: "INPUT",
        rule: [...source, ...match, "-j", "ACCEPT"],
      }));
    });
  });
}

/**
 * Nodes that accept a port from anywhere, for no segment of that address family is described: the nodes' own addresses in
 * its place would be as many rules on every node as there are nodes.
 */
export function openToAll(states: Record<string, NodeStateInput>): string[] {
  const open = Object.entries(states).flatMap(([node, { iptables = [] }]) =>
    iptables
      .filter(({ chain, rule }) => chain === "INPUT" && !rule.includes("-s") && rule.at(-1) === "ACCEPT")
      .map(({ family = "ipv4", rule }) => ({ node, what: `${family}: ${portOf(rule)}` })),
  );
  if (open.length === 0) return [];
  const ports = [...new Set(open.map(({ what }) => what))].join(", ");
  const nodes = few([...new Set(open.map(({ node }) => node))], 5);
  return [
    `openPorts accepts ${ports} from any address on ${nodes}: ` +
      "who reaches a node can send packets into the network. " +
      "Describe the nodes' segments with their subnets in the inventory, and only these are accepted",
  ];
}

const portOf = (rule: readonly string[]) =>
  rule.includes("--dport") ? `${rule[1]} ${rule[rule.indexOf("--dport") + 1]}` : `protocol ${rule[1]}`;
