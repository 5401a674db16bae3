import type { Family } from "../addresses/cidr";
import type { Tunnels } from "./settings-ports";

export type Protocol = Tunnels["protocol"];

/** UDP ports that IANA gave the protocols. */
export const usualPorts: Partial<Record<Protocol, number>> = { vxlan: 4789, geneve: 6081, gtpu: 2152 };

/**
 * Bytes before each inner packet, over IPv4: outer IP 20, then UDP 8 and the header 8 (RFC 7348, RFC 8926 without
 * options), or GRE's 4, and 4 of its key (RFC 2890); ERSPAN's 8 of GRE and 8 to 12 of its own; GTP-U's 8 without an inner
 * Ethernet header. All others carry the inner Ethernet header of 14.
 */
const overheads: Partial<Record<Protocol, number>> = {
  vxlan: 50,
  geneve: 50,
  gre: 42,
  ip6gre: 42,
  erspan: 54,
  ip6erspan: 54,
  gtpu: 36,
  bareudp: 28,
  srv6: 44,
};
/** An outer IPv6 header is longer by it. */
const moreOverIpv6 = 20;

export function overheadOf({ protocol }: Pick<Tunnels, "protocol">, family: Family): number {
  return (overheads[protocol] ?? 0) + (family === "ipv6" ? moreOverIpv6 : 0);
}

/** Why a protocol that Open vSwitch once had is not made. */
export const refusedProtocols: Partial<Record<Protocol, string>> = {
  stt: "STT needs Open vSwitch's own kernel module, which ended with 3.0; the mainline module never had it, and 3.6 removed it",
  lisp: "LISP needs Open vSwitch's own kernel module, which ended with 3.0; the mainline module never had it, and 3.6 removed it",
};
