import type { Problem } from "../addresses/problem";
import type { WeaveSettings } from "./complete";

/** Routes of a VPC's table without asking for more, as Weave's documentation of awsvpc counts them. */
const usualRoutes = 50;

/** How peers find and take each other. */
export function peerProblems({ nodeCount, connectionLimit, hosts, nodes, peers, mode }: WeaveSettings): Problem[] {
  const unknown = Object.keys(hosts?.expose ?? {}).filter((name) => !nodes?.nodes.some((node) => node.name === name));
  return [
    ...(connectionLimit < nodeCount - 1
      ? [
          {
            path: "connectionLimit",
            value: String(connectionLimit),
            rule: `each of ${nodeCount} nodes is connected to ${nodeCount - 1} others: from the ${connectionLimit + 2}nd node on none can join`,
            fix: `take ${nodeCount} or more, or leave it out`,
          },
        ]
      : []),
    ...(mode !== "kubernetes" && nodes && peers.length === 0
      ? [
          {
            path: "peers",
            rule: "no node has an IPv4 address, by which peers find each other",
            fix: "give the nodes addresses, or say peers",
          },
        ]
      : []),
    ...unknown.map((name) => ({
      path: `hosts.expose.${name}`,
      rule: `there is no node ${name}`,
      fix: `nodes are: ${nodes?.nodes.map((node) => node.name).join(", ")}`,
    })),
  ];
}

/** What is the user's to judge. */
export function peerWarnings({ transport, nodeCount }: WeaveSettings): string[] {
  if (transport.type !== "awsvpc") return [];
  return [
    "transport awsvpc: weaver writes the VPC's routes itself; the instances need ec2:CreateRoute, DeleteRoute, ReplaceRoute, DescribeRouteTables and DescribeInstances, and no source/destination check",
    ...(nodeCount > usualRoutes
      ? [
          `transport awsvpc: ${nodeCount} nodes have at least as many routes, and a VPC's table takes ${usualRoutes} unless more are asked for`,
        ]
      : []),
  ];
}
