import { Cidr } from "../addresses/cidr";
import { podMtu } from "../addresses/mtu";
import { type FirewallPort, tcpPort, udpPort } from "../network-nodes/firewall";
import type { ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface NuageSettings extends Omit<ParsedSettings, "underlayMtu" | "vrs" | "images" | "cni"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  underlayMtu: number;
  vrs: ParsedSettings["vrs"] & { uplink: string };
  images: Required<ParsedSettings["images"]>;
  cni: ParsedSettings["cni"] & { mtu: number; interfaceMtu: number };
}

/** Bytes that upstream's ports of the switch have more than pods: 1460 over 1450. */
export const portMore = 10;

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): NuageSettings {
  const { nodes, images, release, vrs, cni } = parsed;
  const underlayMtu = parsed.underlayMtu ?? (nodes ? Math.min(...nodes.nodes.map(({ mtu }) => mtu)) : 1500);
  const of = (image: string) => `${images.registry}/${image}:${release}`;
  const mtu = cni.mtu ?? podMtu(underlayMtu, { vxlanOver: "ipv4" });
  const [nic, ...others] = new Set(nodes?.nodes.map((node) => node.nic));
  return {
    ...parsed,
    name,
    underlayMtu,
    vrs: { ...vrs, uplink: vrs.uplink ?? (others.length === 0 ? nic : undefined) ?? "eth0" },
    images: {
      ...images,
      monitor: images.monitor ?? of("master"),
      cni: images.cni ?? of("cni"),
      vrs: images.vrs ?? of("vrs"),
      infra: images.infra ?? of("infra"),
      strongswan: images.strongswan ?? of("strongswan"),
    },
    cni: { ...cni, mtu, interfaceMtu: cni.interfaceMtu ?? mtu + portMore },
  };
}

/** The API server as it stands in Nuage's configuration. */
export function apiServerUrl({ apiServer, serviceCidr }: NuageSettings): string {
  if (apiServer)
    return `https://${apiServer.host.includes(":") ? `[${apiServer.host}]` : apiServer.host}:${apiServer.port}`;
  return `https://${String(Cidr.parse(serviceCidr[0] as string).address(1))}:443`;
}

/** What a firewall between the nodes must let through. OpenFlow goes to the VSCs, and HTTPS to the VSD. */
export function portsOf({ monitor, encryption }: NuageSettings): FirewallPort[] {
  return [udpPort(4789), tcpPort(monitor.port), ...(encryption ? [500, 4500].map(udpPort) : [])];
}

/** Path of the CNI configuration on each node, which Nuage's installer names so. */
export const conflistPath = ({ folders }: Pick<NuageSettings, "folders">): string =>
  `${folders.directory}/nuage-net.conf`;
