import { Cidr } from "./cidr";
import type { PlanRequest, Subnets } from "./plan";

/**
 * What `pulumi import podnet:index:AddressPlan NAME ID` takes: every node's subnets, as in
 * "node1=10.244.0.0/24,fd00:10:244::/64;node2=10.244.1.0/24,fd00:10:244:1::/64".
 */
export function planId(subnets: Subnets): string {
  return Object.entries(subnets)
    .map(([node, list]) => `${node}=${list.join(",")}`)
    .join(";");
}

/**
 * Reads an import id. Its pools are the smallest that hold the subnets: those of the program take their place with the
 * next `pulumi up`.
 */
export function parsePlanId(id: string): PlanRequest & { subnets: Subnets } {
  const entries = id.split(";").map((entry): [string, Cidr[]] => {
    const [node = "", list] = entry.trim().split("=");
    if (!node || !list) throw new Error(`"${entry}" is not NODE=SUBNET[,SUBNET]; podnet import writes the whole id`);
    return [node, list.split(",").map(Cidr.parse)];
  });
  const nodes = entries.map(([node]) => node);
  const twice = nodes.find((node, index) => nodes.indexOf(node) < index);
  if (twice) throw new Error(`${twice} is listed twice`);
  const first = entries[0]?.[1] ?? [];
  const pools = first.map(({ family, prefix }, column) => {
    const subnets = entries.map(([node, list]) => {
      const subnet = list[column];
      if (subnet?.family === family && subnet.prefix === prefix && list.length === first.length) return subnet;
      throw new Error(`${node} has ${list.join(", ")}, and ${nodes[0]} ${first.join(", ")}: not of one size each`);
    });
    return { cidr: String(cover(subnets)), nodePrefix: prefix };
  });
  return { pools, nodes, subnets: Object.fromEntries(entries.map(([node, list]) => [node, list.map(String)])) };
}

/** The smallest network that holds all of these. */
export function cover(networks: readonly Cidr[]): Cidr {
  const [first, ...others] = networks as [Cidr, ...Cidr[]];
  return others.reduce((held, other) => {
    let wider = held;
    while (!wider.contains(other)) wider = Cidr.around(`${wider.address(0)}/${wider.prefix - 1}`);
    return wider;
  }, first);
}
