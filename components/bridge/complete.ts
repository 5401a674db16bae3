import { Cidr, type Family } from "../addresses/cidr";
import { addressOf } from "../addresses/families";
import { podMtu } from "../addresses/mtu";
import type { Pool } from "../addresses/plan";
import type { ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface BridgeSettings extends Omit<ParsedSettings, "masquerade" | "cni" | "nodePrefix"> {
  /** The network's name: owner of what stands on the nodes, and the name in the CNI configuration. */
  name: string;
  nodePrefix: { ipv4?: number; ipv6?: number };
  mtu: number;
  hairpin: boolean;
  masquerade: { ipv4: boolean; ipv6: boolean; except: string[] };
  cni: ParsedSettings["cni"] & { fileName: string };
}

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, settings: ParsedSettings): BridgeSettings {
  const pools = poolCidrs(settings);
  const prefixes = pools.map((pool) => [pool.family, settings.nodePrefix[pool.family] ?? usualPrefix(pool, settings)]);
  return {
    ...settings,
    name,
    nodePrefix: Object.fromEntries(prefixes),
    mtu: settings.mtu ?? largestMtu(settings),
    hairpin: settings.hairpin ?? !settings.cni.promiscMode,
    masquerade: { ...settings.masquerade, ipv6: settings.masquerade.ipv6 ?? hasUniqueLocalPods(settings) },
    cni: { ...settings.cni, fileName: settings.cni.fileName ?? `10-podnet-${name}.conflist` },
  };
}

/** The ranges that nodes' subnets are taken from; none where each node's range is written down or DHCP decides. */
export function pools(settings: BridgeSettings): Pool[] {
  return poolCidrs(settings).map((pool) => ({
    cidr: String(pool),
    nodePrefix: settings.nodePrefix[pool.family] as number,
  }));
}

function poolCidrs({ shape, podCidr, flat }: ParsedSettings): Cidr[] {
  if (shape === "flat" && flat.ipam === "dhcp") return [];
  return (shape === "flat" ? flat.pool : podCidr).map((text) => Cidr.parse(text));
}

function usualPrefix(pool: Cidr, { shape }: ParsedSettings): number {
  if (pool.family === "ipv4") return shape === "flat" ? 28 : 24;
  return pool.prefix <= 56 ? 64 : Math.min(pool.prefix + 8, 126);
}

function hasUniqueLocalPods({ podCidr }: ParsedSettings): boolean {
  return podCidr.some((text) => Cidr.parse("fc00::/7").contains(Cidr.parse(text)));
}

/** The segments that have nodes. */
export function segmentsInUse({ nodes }: Pick<ParsedSettings, "nodes">): string[] {
  return [...new Set(nodes.nodes.map(({ segment }) => segment))];
}

type Underlay = Pick<ParsedSettings, "shape" | "crossSegment" | "nodes">;

/** The family that tunnels run over, when there are any. */
export function tunnelFamily(settings: Underlay): Family | undefined {
  return segmentsInUse(settings).length > 1 ? possibleTunnel(settings) : undefined;
}

/** IPv4, unless a node has none. */
function possibleTunnel({ shape, crossSegment, nodes }: Underlay): Family | undefined {
  if (shape === "flat" || crossSegment !== "vxlan") return undefined;
  return nodes.nodes.every(({ addresses }) => addressOf(addresses, "ipv4")) ? "ipv4" : "ipv6";
}

/**
 * The largest packet, in bytes, that every node carries for pods. Room for the tunnel is left as soon as a second
 * segment is described, so that its first node does not make the packets of running pods too large.
 */
export function largestMtu(settings: Underlay): number {
  const smallest = Math.min(...settings.nodes.nodes.map(({ mtu }) => mtu));
  const family = Object.keys(settings.nodes.segments).length > 1 ? possibleTunnel(settings) : undefined;
  return podMtu(smallest, family && { vxlanOver: family });
}
