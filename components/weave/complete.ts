import { addressOf } from "../addresses/families";
import { byAddress } from "../network-nodes/by-address";
import { type FirewallPort, tcpPort, udpPort } from "../network-nodes/firewall";
import { ports } from "./names";
import type { ParsedSettings } from "./settings";
import { hosts } from "./settings-hosts";
import { kubernetes } from "./settings-kubernetes";

type Kubernetes = ReturnType<typeof kubernetes.parse>;
type Hosts = ReturnType<typeof hosts.parse>;
export type KubernetesSettings = Kubernetes & { images: { kube: string; npc: string } };
export type HostsSettings = Hosts & {
  imageAccount: string;
  dns: { enabled: boolean };
  plugin: boolean;
  proxy: boolean;
};

/** Settings in which nothing is left open. */
export interface WeaveSettings extends Omit<ParsedSettings, "kubernetes" | "hosts"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  version: string;
  nodeCount: number;
  mtu: number;
  connectionLimit: number;
  /** Present in Kubernetes, and only there. */
  kubernetes?: KubernetesSettings;
  /** Present on hosts without Kubernetes, and only there. */
  hosts?: HostsSettings;
}

/** The newest release of each edition. */
export const newest = { reweave: "2.9.0", weaveworks: "2.8.1" };

const accounts = { reweave: "rajchaudhuri", weaveworks: "weaveworks" };

/** Bytes that Weave puts before a packet at the most, by its own reckoning: 84 without encryption, 87 with it. */
const overhead = 87;

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): WeaveSettings {
  const { mode, edition, nodes } = parsed;
  const version = parsed.version ?? newest[edition];
  const nodeCount = parsed.nodeCount ?? nodes?.nodes.length ?? 1;
  const underlayMtu = parsed.underlayMtu ?? (nodes && Math.min(...nodes.nodes.map(({ mtu }) => mtu)));
  const { kubernetes: _, hosts: __, ...rest } = parsed;
  return {
    ...rest,
    name,
    version,
    nodeCount,
    underlayMtu,
    mtu: parsed.mtu ?? (underlayMtu === undefined ? 1376 : underlayMtu - overheadOf(parsed)),
    connectionLimit: parsed.connectionLimit ?? usualLimit(nodeCount),
    peers: parsed.peers.length > 0 || mode === "kubernetes" ? parsed.peers : firstPeers(parsed),
    ...(mode === "kubernetes"
      ? { kubernetes: inCluster(parsed, `docker.io/${accounts[edition]}`, version) }
      : { hosts: onHosts(parsed, accounts[edition]) }),
  };
}

export function overheadOf({ transport }: Pick<ParsedSettings, "transport">): number {
  return transport.type === "awsvpc" ? 0 : overhead;
}

/** Room for nodes to come: a peer at its limit turns the next one away. */
function usualLimit(nodes: number): number {
  return nodes < 200 ? 200 : (Math.floor(nodes / 100) + 1) * 100;
}

/** Peers find the others by those that they ask first: the list need not grow with the nodes. */
function firstPeers({ nodes }: ParsedSettings): string[] {
  return byAddress(nodes?.nodes ?? [])
    .flatMap(({ addresses }) => addressOf(addresses, "ipv4") ?? [])
    .slice(0, 3);
}

function inCluster({ kubernetes: said }: ParsedSettings, registry: string, version: string): KubernetesSettings {
  const own = said ?? kubernetes.parse({});
  const { kube = `${registry}/weave-kube:${version}`, npc = `${registry}/weave-npc:${version}` } = own.images;
  return { ...own, images: { kube, npc } };
}

function onHosts({ hosts: said, mode }: ParsedSettings, account: string): HostsSettings {
  const own = said ?? hosts.parse({});
  const docker = mode === "docker";
  return {
    ...own,
    imageAccount: own.imageAccount ?? account,
    dns: { ...own.dns, enabled: own.dns.enabled ?? docker },
    plugin: own.plugin ?? docker,
    proxy: own.proxy ?? docker,
  };
}

/** What a firewall between the nodes must let through. */
export function portsOf({ transport, password }: Pick<ParsedSettings, "transport" | "password">): FirewallPort[] {
  const { type } = transport;
  return [
    tcpPort(ports.control),
    // Peers find each other's way by it, also where packets go by the kernel.
    ...(type === "awsvpc" ? [] : [udpPort(ports.control)]),
    ...(type === "fastdp" ? [udpPort(ports.fastdp)] : []),
    ...(type === "fastdp" && password !== undefined ? [{ protocol: "esp" as const, protocolNumber: 50 as const }] : []),
  ];
}
