import { type FirewallPort, tcpPort, udpPort } from "../network-nodes/firewall";
import type { CalicoSettings } from "./complete";
import { tunnelOf } from "./pools";
import { typhaPort } from "./typha";

/** What nodes send each other: pods' packets in tunnels, routes by BGP (also to and from peers), policy by Typha. */
export function portsOf({ pools, bgp, wireguard, felix, typha, install, podCidr }: CalicoSettings): FirewallPort[] {
  const tunnels = new Set(Object.values(pools).map(tunnelOf));
  const six = podCidr.some((cidr) => cidr.includes(":"));
  const four = podCidr.some((cidr) => !cidr.includes(":"));
  return [
    ...(tunnels.has("vxlan") ? [udpPort(felix.vxlanPort)] : []),
    ...(tunnels.has("ipip") ? [{ protocol: "ipip" as const, protocolNumber: 4 as const }] : []),
    ...(bgp.enabled ? [tcpPort(bgp.listenPort)] : []),
    ...(wireguard.enabled && four ? [udpPort(wireguard.port)] : []),
    ...(wireguard.enabled && six ? [udpPort(wireguard.portV6)] : []),
    ...(typha.replicas > 0 || install === "operator" ? [tcpPort(typhaPort)] : []),
  ];
}
