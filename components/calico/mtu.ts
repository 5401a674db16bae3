import { Cidr, type Family } from "../addresses/cidr";
import { vxlanOverhead } from "../addresses/mtu";
import { type Encapsulation, tunnelOf } from "./pools";

/** Bytes of the outer IPv4 header of IP in IP (RFC 2003). */
const ipipOverhead = 20;

/** Bytes of WireGuard: outer IP 20 or 40, UDP 8, WireGuard's header and tag 32 (its paper, section 5.4.6). */
const wireguardOverhead: Record<Family, number> = { ipv4: 60, ipv6: 80 };

interface Encapsulated {
  pools: Record<string, { cidr: string; encapsulation: Encapsulation }>;
  wireguard: { enabled: boolean };
}

/** What may be put before a pod's packet: each kind in use and its bytes. A packet goes by one of them. */
export function overheads({ pools, wireguard }: Encapsulated): { name: string; bytes: number }[] {
  const all = Object.values(pools).flatMap(({ cidr, encapsulation }) => {
    const { family } = Cidr.parse(cidr);
    const tunnel = tunnelOf({ encapsulation });
    return [
      ...(tunnel === "vxlan" ? [{ name: `VXLAN over ${family}`, bytes: vxlanOverhead[family] }] : []),
      ...(tunnel === "ipip" ? [{ name: "IPIP", bytes: ipipOverhead }] : []),
      ...(wireguard.enabled ? [{ name: `WireGuard over ${family}`, bytes: wireguardOverhead[family] }] : []),
    ];
  });
  return all.filter(({ name }, index) => all.findIndex((one) => one.name === name) === index);
}

/** The largest of them, 0 where nothing is put before packets. */
export function largestOverhead(settings: Encapsulated): { name: string; bytes: number } {
  return overheads(settings).reduce((one, other) => (other.bytes > one.bytes ? other : one), {
    name: "none",
    bytes: 0,
  });
}
