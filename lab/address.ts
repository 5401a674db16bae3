/**
 * Where everything in a lab has its address. A lab owns one of 64 slots of 198.18.0.0/15 (RFC 2544, benchmarks) and
 * one /48 of fd98::/16:
 *
 *   slot s   198.18.(8s).0/22      segment a     fd98:<s>:a::/64
 *            198.18.(8s+4).0/22    segment b     fd98:<s>:b::/64
 *
 * Host 1 of a segment is the router, host 2 of segment a the operator (the machine that runs the lab), host 3 the
 * control plane of a Kubernetes cluster, nodes follow from host 11. The IPv6 host part is the decimal host number written as it stands: host 11 is `::11`.
 */

export type SegmentName = "a" | "b";
export const segmentNames: readonly SegmentName[] = ["a", "b"];

export interface AddressPair {
  ipv4: string;
  ipv6: string;
}

export const slots = 64;
export const prefixLength = { ipv4: 22, ipv6: 64 } as const;
export const routerHost = 1;
export const operatorHost = 2;
export const controlHost = 3;
export const firstNodeHost = 11;
/** The last host of a /22 that is not its broadcast address. */
export const lastNodeHost = 1022;

export function subnets(slot: number, segment: SegmentName): AddressPair {
  return {
    ipv4: `${ipv4(slot, segment, 0)}/${prefixLength.ipv4}`,
    ipv6: `fd98:${slot}:${segment}::/${prefixLength.ipv6}`,
  };
}

export function addresses(slot: number, segment: SegmentName, host: number): AddressPair {
  return { ipv4: ipv4(slot, segment, host), ipv6: `fd98:${slot}:${segment}::${host}` };
}

/** A NIC keeps its hardware address when its node is started again, as a real one does. */
export function hardwareAddress(slot: number, segment: SegmentName, host: number, nic: number): string {
  const octets = [0x02, 0x98, slot, (segment === "a" ? 0x0a : 0x0b) + 0x10 * nic, host >> 8, host & 0xff];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

function ipv4(slot: number, segment: SegmentName, host: number): string {
  const third = 8 * (slot % 32) + (segment === "a" ? 0 : 4) + (host >> 8);
  return `198.${18 + Math.floor(slot / 32)}.${third}.${host & 0xff}`;
}
