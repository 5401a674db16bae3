import { Cidr, type Family } from "../addresses/cidr";
import { families } from "../addresses/families";
import type { Pool } from "../addresses/plan";
import type { FirewallPort } from "../network-nodes/firewall";
import { isRoutedByOthers, kindOf } from "./backends";
import type { ParsedSettings } from "./settings";
import type { etcd } from "./settings-etcd";
import { kubernetes } from "./settings-kubernetes";

type Kubernetes = ReturnType<typeof kubernetes.parse>;
export type KubernetesSettings = Kubernetes & { images: { flannel: string } };
export type EtcdSettings = ReturnType<typeof etcd.parse>;

/** Settings in which nothing is left open, but for what flanneld finds out on each node. */
export interface FlannelSettings extends Omit<ParsedSettings, "nodePrefix" | "kubernetes"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  nodePrefix: { ipv4?: number; ipv6?: number };
  allocation: "podnet" | "cluster";
  /** Present in Kubernetes, and only there. */
  kubernetes?: KubernetesSettings;
}

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, settings: ParsedSettings): FlannelSettings {
  const { mode, version, backend, podCidr } = settings;
  const { nicMtu } = kindOf(backend);
  const nodes = nicMtu ? settings.nodes?.withUsualMtu(nicMtu) : settings.nodes;
  const underlayMtu = settings.underlayMtu ?? (nodes && Math.min(...nodes.nodes.map(({ mtu }) => mtu)));
  const overhead = kindOf(backend).overhead(backend, families(podCidr));
  const prefixes = podCidr.map((text) => {
    const { family, prefix } = Cidr.parse(text);
    return [family, settings.nodePrefix[family] ?? usualPrefix(family, prefix)];
  });
  const { kubernetes: said = mode === "kubernetes" ? kubernetes.parse({}) : undefined, ...rest } = settings;
  const flannel = said?.images.flannel ?? `ghcr.io/flannel-io/flannel:v${version}`;
  return {
    ...rest,
    name,
    nodes,
    nodePrefix: Object.fromEntries(prefixes),
    allocation: settings.allocation ?? (planned(settings) ? "podnet" : "cluster"),
    underlayMtu,
    mtu: settings.mtu ?? (underlayMtu && underlayMtu - overhead),
    iface: { ...settings.iface, ...nicOfAll(settings) },
    ...(said && { kubernetes: { ...said, images: { ...said.images, flannel } } }),
  };
}

/** Who makes routes must know each node's subnet; and a lease in etcd is as good as a plan's when it is the plan's. */
function planned({ mode, nodes, backend }: ParsedSettings): boolean {
  return nodes !== undefined && (mode === "etcd" || isRoutedByOthers(backend));
}

/** flannel's rule: room for four nodes at the least. */
function usualPrefix(family: Family, prefix: number): number {
  const usual = family === "ipv4" ? 24 : 64;
  return prefix <= usual - 2 ? usual : prefix + 2;
}

/** A DaemonSet has one command for all nodes, so that only a name that is every node's can stand in it. */
function nicOfAll({ iface, nodes }: ParsedSettings): { names?: string[] } {
  const nics = new Set(nodes?.nodes.map(({ nic }) => nic));
  const [nic] = nics;
  const said = iface.names ?? iface.regex ?? iface.canReach;
  return said === undefined && nics.size === 1 && nic !== undefined ? { names: [nic] } : {};
}

/** The ranges that nodes' subnets are taken from. */
export function pools({ podCidr, nodePrefix }: FlannelSettings): Pool[] {
  return podCidr.map((cidr) => ({ cidr, nodePrefix: nodePrefix[Cidr.parse(cidr).family] as number }));
}

/** What a firewall between the nodes must let through. */
export function portsOf({ backend, podCidr }: FlannelSettings): FirewallPort[] {
  return kindOf(backend).ports(backend, families(podCidr));
}

/** Bytes that the backend puts before each packet of a pod. */
export function overheadOf({ backend, podCidr }: FlannelSettings): number {
  return kindOf(backend).overhead(backend, families(podCidr));
}

export function conflistPath({ cni }: FlannelSettings): string {
  return `${cni.directory}/${cni.fileName}`;
}
