import type { Family } from "../addresses/cidr";
import { addressOf } from "../addresses/families";
import type { InventoryNode } from "../inventory";
import { sha256 } from "../node/kinds/file";
import { nodesOf, type OpenVSwitchSettings } from "./complete";
import type { Protocol } from "./protocols";
import type { Bridge } from "./settings";
import type { Tunnels } from "./settings-ports";

/** One end of a tunnel on a node. */
export interface TunnelEnd {
  /** The port's name. */
  name: string;
  local: string;
  remote: string;
}

/** A node's ends of the tunnels to the others, in the order of their names. */
export function endsOf(
  settings: OpenVSwitchSettings,
  bridge: Bridge,
  group: string,
  tunnels: Tunnels,
  node: InventoryNode,
): TunnelEnd[] {
  const nodes = nodesOf(settings, bridge);
  const local = endpointOf(settings, tunnels, node);
  const met = (other: InventoryNode) =>
    other !== node && (tunnels.topology === "mesh" || [node.name, other.name].includes(tunnels.hub ?? ""));
  return nodes
    .filter(met)
    .map((other) => endpointOf(settings, tunnels, other))
    .map((remote) => ({ name: portName(group, remote), local, remote }));
}

/** The address that a node's tunnels begin at. */
export function endpointOf(
  { nodes }: Pick<OpenVSwitchSettings, "nodes">,
  { endpoints, protocol }: Tunnels,
  { name, addresses }: InventoryNode,
): string {
  return endpoints[name] ?? (addressOf(addresses, familyOf(protocol, nodes.nodes)) as string);
}

/** IPv4, unless a node has none or the protocol is of IPv6. */
function familyOf(protocol: Protocol, nodes: readonly InventoryNode[]): Family {
  if (protocol === "ip6gre" || protocol === "ip6erspan" || protocol === "srv6") return "ipv6";
  return nodes.every(({ addresses }) => addressOf(addresses, "ipv4")) ? "ipv4" : "ipv6";
}

/** "vx-c6120c0b": the other end's address, so that a node that comes or goes renames nobody's ports. */
function portName(group: string, remote: string): string {
  const short = remote.includes(":")
    ? sha256(remote).slice(0, 8)
    : remote
        .split(".")
        .map((part) => Number(part).toString(16).padStart(2, "0"))
        .join("");
  return `${group}-${short}`;
}
