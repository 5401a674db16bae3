import { Cidr, IpAddress } from "../addresses/cidr";
import { addressOf } from "../addresses/families";
import type { Pool, Subnets } from "../addresses/plan";
import type { InventoryNode } from "../inventory";
import { byAddress } from "../network-nodes/by-address";
import type { ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface LinenSettings extends ParsedSettings {
  name: string;
}

export function complete(name: string, parsed: ParsedSettings): LinenSettings {
  return { ...parsed, name };
}

/** Where nodes' parts are taken from; none where each is written down. */
export function pools({ podCidr, nodePrefix, ranges }: ParsedSettings): Pool[] {
  return Object.keys(ranges).length > 0 ? [] : podCidr.map((cidr) => ({ cidr, nodePrefix }));
}

/**
 * Seconds until the network forwards after a change. In a mesh a spanning tree learns of it for max age (20 s), then its
 * ports listen and learn for forward delay (15 s) each: IEEE 802.1D-2004 table 17-1, which Open vSwitch keeps to. A switch
 * in user space shares the processors with whatever else the node does.
 */
export function settleSeconds({ topology, datapath }: ParsedSettings): number | undefined {
  if (topology.type === "mesh" && topology.spanningTree !== "none") return 50;
  return datapath === "netdev" ? 20 : undefined;
}

/** A node's addresses for pods: the gateway, and the first and the last that a pod may have. */
export interface Part {
  gateway: IpAddress;
  start: IpAddress;
  end: IpAddress;
}

/** A node's part, as it is written down or as the plan gave it: its first address is the gateway. */
export function partOf({ ranges }: ParsedSettings, subnets: Subnets, node: string): Part | undefined {
  const said = ranges[node];
  const [subnet] = subnets[node] ?? [];
  if (said) {
    const gateway = IpAddress.parse(said.start);
    return { gateway, start: IpAddress.of(gateway.family, gateway.value + 1n), end: IpAddress.parse(said.end) };
  }
  if (!subnet) return undefined;
  const whole = Cidr.parse(subnet);
  return { gateway: whole.address(1), start: whole.address(2), end: whole.address(whole.size - 2n) };
}

/** The address that a node's tunnels begin at. */
export function endpointOf({ endpoints }: ParsedSettings, { name, addresses }: InventoryNode): string | undefined {
  return endpoints[name] ?? addressOf(addresses, "ipv4");
}

/** The other ends of a node's tunnels, in the order of the nodes' addresses. */
export function peersOf(settings: ParsedSettings, node: InventoryNode): string[] {
  const { nodes, topology } = settings;
  const met = ({ name }: InventoryNode) =>
    name !== node.name && (topology.type === "mesh" || [name, node.name].includes(topology.hub));
  return byAddress(nodes.nodes)
    .filter(met)
    .flatMap((other) => endpointOf(settings, other) ?? []);
}
