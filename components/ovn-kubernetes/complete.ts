import type { Family } from "../addresses/cidr";
import { addressOf } from "../addresses/families";
import { type FirewallPort, tcpPort, udpPort } from "../network-nodes/firewall";
import { ports } from "./names";
import type { ParsedSettings } from "./settings";
import { type Install, knownRelease, seriesOf } from "./version";

/** Settings in which nothing is left open. */
export interface OvnKubernetesSettings extends Omit<ParsedSettings, "features" | "image"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  version: string;
  install: Install;
  mtu: number;
  features: ParsedSettings["features"] & { persistentIps: boolean };
  image: ParsedSettings["image"] & { tag: string };
}

/** Bytes of Geneve before a packet, with the option that OVN says ports by: outer IP 20 or 40, UDP 8, Geneve 16, Ethernet 14. */
const geneveOverhead: Record<Family, number> = { ipv4: 58, ipv6: 78 };

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): OvnKubernetesSettings {
  const version = parsed.version ?? (parsed.chart ? "1.3.0" : "1.0.0");
  const install = knownRelease(version)?.install ?? "objects";
  const { nodes } = parsed;
  const smallest = nodes && Math.min(...nodes.nodes.map(({ mtu }) => mtu));
  return {
    ...parsed,
    name,
    version,
    install,
    mtu: parsed.mtu ?? (smallest === undefined ? 1400 : smallest - overheadOf(parsed)),
    features: { ...parsed.features, persistentIps: parsed.features.persistentIps ?? install === "chart" },
    image: { ...parsed.image, tag: parsed.image.tag ?? `release-${seriesOf(version)}` },
  };
}

/** Tunnels go over IPv4, unless a node has none. */
export function overheadOf({ nodes }: Pick<ParsedSettings, "nodes">): number {
  const all = nodes?.nodes ?? [];
  return geneveOverhead[all.every(({ addresses }) => addressOf(addresses, "ipv4")) ? "ipv4" : "ipv6"];
}

/** What a firewall between the nodes must let through. The databases of each node are at sockets of its own. */
export function portsOf({
  encapPort,
  features,
}: Pick<OvnKubernetesSettings, "encapPort" | "features">): FirewallPort[] {
  return [
    udpPort(encapPort),
    ...(features.egressIp ? [tcpPort(features.egressIpHealthPort)] : []),
    ...(features.hybridOverlay.length > 0 ? [udpPort(ports.hybridOverlay)] : []),
  ];
}
