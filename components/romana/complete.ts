import { Cidr } from "../addresses/cidr";
import type { Pool } from "../addresses/plan";
import type { Inventory } from "../inventory";
import { type FirewallPort, tcpPort } from "../network-nodes/firewall";
import { daemonPort } from "./names";
import type { ParsedSettings } from "./settings";
import { programs } from "./settings-programs";

type Programs = ReturnType<typeof programs.parse>;
export interface ProgramSettings extends Programs {
  images: Record<"daemon" | "listener" | "agent" | "aws" | "routePublisher" | "bird" | "vpcRouter", string> & {
    registry: string;
  };
  serviceAddresses: { etcd: string; romana: string };
}

/** Settings in which nothing is left open. */
export interface RomanaSettings extends Omit<ParsedSettings, "topology" | "routing" | "programs"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  mtu: number;
  topology: NonNullable<ParsedSettings["topology"]>;
  routing: NonNullable<ParsedSettings["routing"]>;
  /** Present where Romana's programs run, and only there. */
  programs?: ProgramSettings;
}

/** Settings of a network whose nodes are known. */
export type WithNodes = RomanaSettings & { nodes: Inventory };

/** Where Romana's manifest has its services, in the range of services. */
const usualPlaces = { etcd: 88n, romana: 99n };

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): RomanaSettings {
  const { nodes, attach, podCidr, networks } = parsed;
  const { programs: _, ...rest } = parsed;
  const named = Object.keys(networks).length > 0;
  return {
    ...rest,
    name,
    mtu: parsed.mtu ?? (nodes ? Math.min(...nodes.nodes.map(({ mtu }) => mtu)) : 1500),
    networks: named
      ? networks
      : { "romana-network": { cidr: podCidr[0] ?? "10.112.0.0/12", blockMask: 29, tenants: [] } },
    topology: parsed.topology ?? (nodes ? { type: "nodes" } : { type: "groups", groups: 8 }),
    routing: parsed.routing ?? usualRouting(parsed),
    ...(attach === "romana" && { programs: completePrograms(parsed) }),
  };
}

function usualRouting({ attach, routes }: ParsedSettings): RomanaSettings["routing"] {
  if (routes) return { type: "routes" };
  return { type: attach === "cni" ? "nodes" : "agent" };
}

function completePrograms({ programs: said, serviceCidr }: ParsedSettings): ProgramSettings {
  const own = said ?? programs.parse({});
  const { registry, ...given } = own.images;
  const of = (image: string) => `${registry}/${image}:${own.version}`;
  return {
    ...own,
    images: {
      registry,
      daemon: given.daemon ?? of("daemon"),
      listener: given.listener ?? of("listener"),
      agent: given.agent ?? of("agent"),
      aws: given.aws ?? of("aws"),
      routePublisher: given.routePublisher ?? of("x-route-publisher"),
      bird: given.bird ?? of("x-bird"),
      vpcRouter: given.vpcRouter ?? `${registry}/vpcrouter-romana-plugin:1.1.17`,
    },
    serviceAddresses: {
      etcd: own.serviceAddresses.etcd ?? placeIn(serviceCidr, usualPlaces.etcd),
      romana: own.serviceAddresses.romana ?? placeIn(serviceCidr, usualPlaces.romana),
    },
  };
}

/** The n-th address of the range of services; one near the end of a range that is too small for it. */
function placeIn(serviceCidr: readonly string[], place: bigint): string {
  const range = serviceCidr.map((text) => Cidr.parse(text)).find(({ family }) => family === "ipv4");
  if (!range || range.size < 16n) return "";
  const last = range.size - (place === usualPlaces.romana ? 2n : 3n);
  return String(range.address(place < range.size - 1n ? place : last));
}

/** Whether each node has a subnet that podnet plans. */
export function isPlanned(settings: RomanaSettings): settings is WithNodes {
  return settings.nodes !== undefined && settings.topology.type === "nodes";
}

/** The range that nodes' subnets are taken from. */
export function pools({ networks, nodePrefix }: RomanaSettings): Pool[] {
  return Object.values(networks).map(({ cidr }) => ({ cidr, nodePrefix }));
}

/** Where Romana's programs find their etcd: they put "http://" before it themselves. */
export function etcdEndpoints({ etcd, serviceAddresses }: ProgramSettings): string {
  const { endpoints, clientPort } = etcd;
  if (endpoints.length === 0) return `${serviceAddresses.etcd}:${clientPort}`;
  return endpoints.map((endpoint) => new URL(endpoint).host).join(",");
}

/** What a firewall between the nodes must let through: beside it, packets of pods themselves. */
export function portsOf({ programs: own, routing }: RomanaSettings): FirewallPort[] {
  return [
    ...(own ? [tcpPort(daemonPort)] : []),
    ...(own && own.etcd.endpoints.length === 0 ? [tcpPort(own.etcd.clientPort)] : []),
    ...(routing.type === "bgp" ? [tcpPort(179)] : []),
  ];
}
