import { Cidr, IpAddress } from "../addresses/cidr";
import { overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import type { InventoryDocument, Segment } from "./schema";

type Node = InventoryDocument["nodes"][string];

/** The segment of inventories that name none. */
export const onlySegment = "default";

/** The segment a node is in: the one it names, or the one whose subnets hold its address. */
export function segmentOf(node: Node, segments: Record<string, Segment>): string | undefined {
  if (node.segment !== undefined) return node.segment;
  if (Object.keys(segments).length === 0) return onlySegment;
  return Object.entries(segments).find(([, segment]) => node.addresses.some((one) => isIn(segment, one)))?.[0];
}

/** What is wrong with an inventory beyond the single field. */
export function inventoryProblems({ nodes, segments }: InventoryDocument): Problem[] {
  return [
    ...(Object.keys(nodes).length > 0 ? [] : [{ path: "nodes", rule: "there is no node", fix: "list the nodes" }]),
    ...Object.entries(segments).flatMap(([name, segment]) => segmentProblems(name, segment)),
    ...overlaps(Object.entries(segments).flatMap(([name, { subnets }]) => subnets.map((cidr) => ({ name, cidr })))).map(
      ({ first, second }) => ({
        path: "segments",
        rule: `segment ${first.name} (${first.cidr}) overlaps segment ${second.name} (${second.cidr})`,
        fix: "make them one segment, or correct the subnets",
      }),
    ),
    ...Object.entries(nodes).flatMap(([name, node]) => nodeProblems(name, node, segments)),
    ...duplicates(nodes, "addresses", "address", (node) => node.addresses),
    ...duplicates(nodes, "connection", "SSH endpoint", ({ connection: { host, port, jump } }) => [
      `${host}:${port}${jump ? ` through ${jump.host}` : ""}`,
    ]),
  ];
}

function segmentProblems(name: string, { subnets, routers }: Segment): Problem[] {
  const path = `segments.${name}`;
  const outside = subnets.length === 0 ? [] : routers.filter((router) => !isIn({ subnets }, router));
  return [
    ...onePerFamily(`${path}.routers`, `segment ${name}`, "router", routers),
    ...outside.map((router) => ({
      path: `${path}.routers`,
      value: router,
      rule: `the router ${router} of segment ${name} is in none of its subnets (${subnets.join(", ")})`,
      fix: "give the router's address in this segment, or correct the subnets",
    })),
  ];
}

function nodeProblems(name: string, node: Node, segments: Record<string, Segment>): Problem[] {
  const path = `nodes.${name}`;
  if (node.addresses.length === 0)
    return [
      {
        path: `${path}.addresses`,
        rule: `${name} has no address, and its host "${node.connection.host}" is a name`,
        fix: "list the node's own addresses, which the other nodes use as next hops",
      },
    ];
  const problems = onePerFamily(`${path}.addresses`, name, "address", node.addresses);
  const known = Object.keys(segments);
  const segmentName = segmentOf(node, segments);
  const segment = segments[segmentName ?? ""];
  if (node.segment !== undefined && !segment)
    problems.push({
      path: `${path}.segment`,
      value: node.segment,
      rule: `${name} is in the segment "${node.segment}", which is not described`,
      fix: known.length > 0 ? `known are: ${known.join(", ")}` : "describe it under segments",
    });
  if (segmentName === undefined)
    problems.push({
      path: `${path}.addresses`,
      value: node.addresses.join(", "),
      rule: `${name} is in no segment's subnet`,
      fix: `correct the address, or the subnets of ${known.join(", ")}`,
    });
  for (const address of segment ? node.addresses : [])
    if (segment && segment.subnets.length > 0 && !isIn(segment, address))
      problems.push({
        path: `${path}.addresses`,
        value: address,
        rule: `${name}'s address ${address} is in no subnet of segment ${segmentName} (${segment.subnets.join(", ")})`,
        fix: "correct the address, the segment, or its subnets",
      });
  return problems;
}

function isIn({ subnets }: Pick<Segment, "subnets">, address: string): boolean {
  return subnets.some((subnet) => Cidr.parse(subnet).contains(IpAddress.parse(address)));
}

function onePerFamily(path: string, whose: string, what: string, addresses: string[]): Problem[] {
  return (["ipv4", "ipv6"] as const).flatMap((family) => {
    const same = addresses.filter((address) => IpAddress.parse(address).family === family);
    if (same.length < 2) return [];
    const rule = `${whose} has ${same.length} ${what} values of family ${family}, and one is used`;
    return [{ path, value: same.join(", "), rule, fix: "keep the one that pod traffic should take" }];
  });
}

function duplicates(
  nodes: Record<string, Node>,
  field: string,
  what: string,
  values: (node: Node) => string[],
): Problem[] {
  const first = new Map<string, string>();
  return Object.entries(nodes).flatMap(([name, node]) =>
    values(node).flatMap((value) => {
      const other = first.get(value);
      first.set(value, other ?? name);
      if (other === undefined || other === name) return [];
      const rule = `${name} has the ${what} ${value}, which ${other} has too`;
      return [{ path: `nodes.${name}.${field}`, value, rule, fix: "give each node its own, or list the node once" }];
    }),
  );
}
