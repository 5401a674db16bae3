import { Cidr, type Family } from "../addresses/cidr";
import { families } from "../addresses/families";
import type { Inventory } from "../inventory";
import type { Autodetection } from "./autodetection";
import type { BgpSettings } from "./bgp";
import { largestOverhead } from "./mtu";
import { type Encapsulation, isForServices, type Pool, tunnelOf } from "./pools";
import type { ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface CalicoSettings
  extends Omit<ParsedSettings, "pools" | "ipam" | "mtu" | "bgp" | "typha" | "autodetection" | "operatorVersion"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  operatorVersion: string;
  encapsulation: Encapsulation;
  pools: Record<string, Pool>;
  ipam: "calico-ipam" | "host-local";
  mtu: number;
  bgp: BgpSettings & { enabled: boolean; nodeToNodeMesh: boolean };
  typha: { replicas: number };
  /** One for each address family of pods. */
  autodetection: Partial<Record<Family, Autodetection>>;
}

/** The release of the operator that a release of Calico was published with. */
const operatorOf: Record<string, string> = { "v3.32.1": "v1.42.3" };

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): CalicoSettings {
  const encapsulation = parsed.encapsulation ?? (parsed.install === "policy-only" ? "None" : "VXLANCrossSubnet");
  const pools = completePools(parsed, encapsulation);
  const hostLocal = parsed.install === "policy-only" || parsed.agent.type === "felix";
  return {
    ...parsed,
    name,
    operatorVersion: parsed.install === "operator" ? (parsed.operatorVersion ?? operatorOf[parsed.version] ?? "") : "",
    encapsulation,
    pools,
    ipam: parsed.ipam ?? (hostLocal ? "host-local" : "calico-ipam"),
    mtu: parsed.mtu ?? smallestNic(parsed) - largestOverhead({ ...parsed, pools }).bytes,
    bgp: completeBgp(parsed, pools),
    typha: { replicas: parsed.typha.replicas ?? usualTyphas(parsed) },
    autodetection: Object.fromEntries(
      families(parsed.podCidr).map((family) => [
        family,
        parsed.autodetection[family] ?? usualMethod(parsed.nodes, family),
      ]),
    ),
  };
}

function completePools(parsed: ParsedSettings, encapsulation: Encapsulation): Record<string, Pool> {
  const named = Object.entries(parsed.pools);
  const usual = parsed.podCidr.map((cidr) => [
    `default-${Cidr.parse(cidr).family}`,
    {
      cidr,
      nodeSelector: "all()",
      disabled: false,
      disableBgpExport: false,
      allowedUses: ["Workload", "Tunnel"],
      assignment: "Automatic",
    } as ParsedSettings["pools"][string],
  ]) as typeof named;
  const filled = (named.length > 0 ? named : usual).map(([name, pool]) => [
    name,
    {
      ...pool,
      encapsulation: pool.encapsulation ?? (isForServices(pool) ? "None" : encapsulation),
      blockSize: pool.blockSize ?? (Cidr.parse(pool.cidr).family === "ipv4" ? 26 : 122),
      natOutgoing: pool.natOutgoing ?? parsed.natOutgoing,
    },
  ]);
  return Object.fromEntries(filled);
}

/** Routes are told by BGP where packets are not put into VXLAN, whose routes Felix makes itself. */
function completeBgp({ bgp, install }: ParsedSettings, pools: Record<string, Pool>): CalicoSettings["bgp"] {
  const needed = Object.values(pools).some((pool) => !isForServices(pool) && tunnelOf(pool) !== "vxlan");
  const asked = Object.keys(bgp.peers).length > 0 || bgp.routeReflectors !== undefined;
  return {
    ...bgp,
    enabled: bgp.enabled ?? (install !== "policy-only" && (needed || asked)),
    nodeToNodeMesh: bgp.nodeToNodeMesh ?? bgp.routeReflectors === undefined,
  };
}

/** Calico recommends Typha from 50 nodes on and one for each 200, and three so that one may restart (its docs). */
export function usualTyphas(parsed: Pick<ParsedSettings, "nodes" | "nodeCount" | "datastore" | "install">): number {
  const nodes = nodeCount(parsed);
  if (parsed.datastore.type === "etcd" || parsed.install === "operator" || nodes < 50) return 0;
  return Math.min(20, Math.max(3, Math.ceil(nodes / 200)));
}

export function nodeCount({ nodes, nodeCount: said }: Pick<ParsedSettings, "nodes" | "nodeCount">): number {
  return nodes?.nodes.length ?? said ?? 1;
}

/** The subnets that the inventory describes name the right address also on nodes with several NICs. */
function usualMethod(nodes: Inventory | undefined, family: Family): Autodetection {
  const subnets = Object.values(nodes?.segments ?? {})
    .flatMap((segment) => segment.subnets)
    .filter((subnet) => Cidr.parse(subnet).family === family);
  return subnets.length > 0 ? { cidrs: [...new Set(subnets)] } : "kubernetes-internal-ip";
}

/** Bytes that every node's NIC carries. */
export function smallestNic({ nodes, underlayMtu }: Pick<ParsedSettings, "nodes" | "underlayMtu">): number {
  return nodes ? Math.min(...nodes.nodes.map(({ mtu }) => mtu)) : underlayMtu;
}
