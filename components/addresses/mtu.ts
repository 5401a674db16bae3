import type { Family } from "./cidr";

/**
 * Bytes that VXLAN puts before each packet: outer IP 20 (IPv4) or 40 (IPv6), UDP 8, VXLAN 8, inner Ethernet 14
 * (RFC 7348, section 5).
 */
export const vxlanOverhead: Record<Family, number> = { ipv4: 50, ipv6: 70 };

/** Smallest MTU in bytes that the family may have on a link (RFC 791: 576 by custom; RFC 8200: 1280). */
export const smallestMtu: Record<Family, number> = { ipv4: 576, ipv6: 1280 };

/** Largest MTU in bytes for pods over an underlay with this MTU and this encapsulation. */
export function podMtu(underlayMtu: number, encapsulation?: { vxlanOver: Family }): number {
  return underlayMtu - (encapsulation ? vxlanOverhead[encapsulation.vxlanOver] : 0);
}

/** MTU in bytes of the NICs in clouds. Pods have the same when cloud routes carry them: nothing is encapsulated. */
export const nicMtu = {
  /** Inside a VPC, and across peering in one region or over the internet (EC2 user guide, "Network MTU"). */
  aws: { vpc: 9001, peering: 1500 },
  /** When a VPC network is made with no other, and the largest that one can have (VPC documentation, "MTU"). */
  gcp: { usual: 1460, jumbo: 8896 },
  /** Without jumbo frames (ECS documentation, "Jumbo frames"). */
  alicloud: { vpc: 1500 },
} as const;
