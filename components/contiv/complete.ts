import { Cidr, type Family } from "../addresses/cidr";
import { addressOf, families } from "../addresses/families";
import { podMtu } from "../addresses/mtu";
import { type FirewallPort, tcpPort, udpPort } from "../network-nodes/firewall";
import type { ParsedSettings } from "./settings";
import { vpp } from "./settings-vpp";

type Vpp = ReturnType<typeof vpp.parse>;
export type Store = NonNullable<ParsedSettings["store"]>;
export type OwnStore = Extract<Store, { type: "own" }> & { clusterIp: string };
export type Tenant = ParsedSettings["tenants"][string];

/** Settings in which nothing is left open. */
export interface ContivSettings
  extends Omit<ParsedSettings, "underlayMtu" | "gateway" | "store" | "netmaster" | "vpp" | "infraNetwork"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  underlayMtu: number;
  /** Bytes of the largest packet of a pod: netplugin works it out itself, VPP is told it. */
  mtu: number;
  gateway: string[];
  infraNetwork: ParsedSettings["infraNetwork"] & { gateway: string };
  store: OwnStore | Exclude<Store, { type: "own" }>;
  netmaster: Omit<ParsedSettings["netmaster"], "url" | "clusterIp"> & { url: string; clusterIp: string };
  /** Present with mode vpp, and only there. */
  vpp?: Vpp;
}

/** Ports that are upstream's and cannot be told apart from its programs. */
export const ports = { rest: 9999, proxy: 10000, rpc: 9001, etcd: 6666, etcdOfVpp: 12379 } as const;

/** Where upstream's etcds have their data. */
export const dataDirectories = { netplugin: "/var/lib/etcd/contiv-data", vpp: "/var/etcd/contiv-data" } as const;

/** Places in the service CIDR: upstream's address of etcd's Service is 10.96.232.136. */
const places = { etcd: 0xe888n, netmaster: 0xe889n };

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): ContivSettings {
  const { nodes, podCidr, mode, infraNetwork } = parsed;
  const underlayMtu = parsed.underlayMtu ?? (nodes ? Math.min(...nodes.nodes.map(({ mtu }) => mtu)) : 1500);
  const clusterIp = parsed.netmaster.clusterIp ?? inServices(parsed, places.netmaster);
  const said: Store = parsed.store ?? {
    type: "own",
    dataDirectory: dataDirectories[mode === "vpp" ? "vpp" : "netplugin"],
  };
  return {
    ...parsed,
    name,
    underlayMtu,
    mtu: podMtu(underlayMtu, isTunnelled(parsed) ? { vxlanOver: "ipv4" } : undefined),
    gateway: parsed.gateway ?? podCidr.map((cidr) => String(Cidr.parse(cidr).address(1))),
    infraNetwork: {
      ...infraNetwork,
      gateway: infraNetwork.gateway ?? String(Cidr.parse(infraNetwork.subnet).address(1)),
    },
    store: said.type === "own" ? { ...said, clusterIp: said.clusterIp ?? inServices(parsed, places.etcd) } : said,
    netmaster: { ...parsed.netmaster, clusterIp, url: parsed.netmaster.url ?? urlOf(parsed, clusterIp) },
    ...(mode === "vpp" && { vpp: parsed.vpp ?? vpp.parse({}) }),
  };
}

/** VPP without an overlay routes pods' packets as they are, and so do VLANs. */
function isTunnelled({ mode, encapsulation, vpp: said }: ParsedSettings): boolean {
  return mode === "vpp" ? said?.nodeToNodeTransport !== "nooverlay" : encapsulation === "vxlan";
}

/** An address of the services' IPv4 range, at the same place in ranges of any size. */
function inServices({ serviceCidr }: Pick<ParsedSettings, "serviceCidr">, place: bigint): string {
  const range = ofFamily(serviceCidr, "ipv4");
  return range ? String(range.address(place % range.size || 10n)) : "";
}

function urlOf({ mode, hosts, nodes }: ParsedSettings, clusterIp: string): string {
  if (isKubernetes({ mode })) return `http://${clusterIp}:${ports.rest}`;
  const first = nodes?.nodes.find(({ name }) => name === hosts?.netmasters[0]);
  return `http://${addressOf(first?.addresses ?? [], "ipv4") ?? "127.0.0.1"}:${ports.rest}`;
}

/** The range of a family, where there is one. */
export function ofFamily(cidrs: readonly string[], family: Family): Cidr | undefined {
  return cidrs.map((text) => Cidr.parse(text)).find((one) => one.family === family);
}

export function isKubernetes({ mode }: Pick<ParsedSettings, "mode">): boolean {
  return mode === "kubernetes" || mode === "vpp";
}

/** netmaster and netplugin run: everything but Contiv-VPP. */
export function hasNetmaster({ mode }: Pick<ParsedSettings, "mode">): boolean {
  return mode !== "vpp";
}

/** Where netplugin finds its store. */
export function storeUrl({ store }: Pick<ContivSettings, "store">): string {
  return store.type === "own" ? `http://${store.clusterIp}:${ports.etcd}` : store.endpoint;
}

/** The API server as it stands in Contiv's configuration. */
export function apiServerUrl({ apiServer, serviceCidr }: ContivSettings): string {
  if (apiServer)
    return `https://${apiServer.host.includes(":") ? `[${apiServer.host}]` : apiServer.host}:${apiServer.port}`;
  return `https://${String(ofFamily(serviceCidr, "ipv4")?.address(1))}:443`;
}

/** What a firewall between the nodes must let through. */
export function portsOf(settings: ContivSettings): FirewallPort[] {
  const { encapsulation, vxlanPort, store, forwarding, authProxy, vpp: ofVpp } = settings;
  if (ofVpp) return [...(ofVpp.nodeToNodeTransport === "vxlan" ? [udpPort(4789)] : []), tcpPort(32379)];
  return [
    ...(encapsulation === "vxlan" ? [udpPort(vxlanPort)] : []),
    ...[ports.rest, ports.rpc, 9002, 9003].map(tcpPort),
    ...(store.type === "own" ? [tcpPort(ports.etcd)] : []),
    ...(forwarding === "routing" && encapsulation === "vlan" ? [tcpPort(179)] : []),
    ...(authProxy ? [tcpPort(ports.proxy)] : []),
  ];
}

/** Path of the CNI configuration on each node, which upstream's programs write. */
export function conflistPath({ mode, cni, hosts, name }: ContivSettings): string {
  if (mode === "mesos") return `${hosts?.mesosConfigurations}/${name}.conf`;
  return `${cni.directory}/${mode === "vpp" ? "10-contiv-vpp.conflist" : "1-contiv.conf"}`;
}

export const podFamilies = ({ podCidr }: Pick<ContivSettings, "podCidr">): Family[] => families(podCidr);
