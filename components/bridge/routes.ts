import type { Family } from "../addresses/cidr";
import { addressOf, families } from "../addresses/families";
import type { Subnets } from "../addresses/plan";
import { compress, compressAddresses, type HopRun, without } from "../addresses/runs";
import type { NodeStateInput } from "../node/state";
import { type BridgeSettings, segmentsInUse, tunnelFamily } from "./complete";

type Route = NonNullable<NodeStateInput["routes"]>[number];

/** What is the same for all nodes of a segment, worked out once and not for each node. */
interface SegmentRoutes {
  /** To the pods of this segment's nodes, each by its node's address; one list for each family. */
  inside: HopRun[][];
  /** To the pods of other segments' nodes. */
  outside: Route[];
  /** The other ends of the tunnels. */
  peers: { address: string; count: number }[];
}

export type RoutePlan = Record<string, SegmentRoutes>;

/**
 * How packets get to pods of other nodes:
 *
 * - in the same segment, by the node's address;
 * - in another segment, by this segment's router, one route for all of podCidr: what is nearer is more specific, and a
 *   node that joins over there changes nothing here;
 * - or by the tunnel, where a subnet's network address is the tunnel address of its node.
 */
export function planRoutes(settings: BridgeSettings, subnets: Subnets): RoutePlan {
  if (settings.shape === "flat") return {};
  const plan = segmentsInUse(settings).map((segment) => {
    const own = settings.nodes.nodes.filter((node) => node.segment === segment);
    const inside = families(settings.podCidr).map((family, index) =>
      compress(
        own.map(({ name, addresses }) => ({
          to: subnets[name]?.[index] as string,
          via: addressOf(addresses, family) as string,
        })),
      ),
    );
    return [segment, { inside, ...otherSegments(settings, subnets, segment) }];
  });
  return Object.fromEntries(plan);
}

function otherSegments(settings: BridgeSettings, subnets: Subnets, segment: string): Omit<SegmentRoutes, "inside"> {
  const far = settings.nodes.nodes.filter((node) => node.segment !== segment);
  const tunnel = tunnelFamily(settings);
  if (far.length === 0) return { outside: [], peers: [] };
  if (tunnel === undefined) return { outside: byRouter(settings, segment), peers: [] };
  const hops = families(settings.podCidr).flatMap((_, index) =>
    compress(far.map(({ name }) => ({ to: subnets[name]?.[index] as string, via: "network" }))),
  );
  return {
    outside: hops.map((run) => ({ ...run, device: settings.vxlan.name, onlink: true })),
    peers: compressAddresses(far.map(({ addresses }) => addressOf(addresses, tunnel) as string)),
  };
}

function byRouter({ podCidr, nodes }: BridgeSettings, segment: string): Route[] {
  const routers = nodes.segments[segment]?.routers ?? [];
  return podCidr.map((to) => ({ to, via: addressOf(routers, to.includes(":") ? "ipv6" : "ipv4") as string }));
}

/** One node's routes: those of its segment without the way to itself. */
export function routesOf(plan: RoutePlan, segment: string, own: readonly string[], nic: string | undefined): Route[] {
  const found = plan[segment];
  if (!found) return [];
  const near = found.inside.flatMap((runs, index) => without(runs, own[index] as string));
  return [...near, ...found.outside].map((route) => (nic && !("device" in route) ? { ...route, device: nic } : route));
}

/** A route that a router between segments needs, when it is the way to other segments' pods. */
export interface RouterRoute {
  segment: string;
  to: string;
  via: string;
}

/** What routers between segments must know of: every node's pod subnet, by the node. */
export function routerRoutes(settings: BridgeSettings, subnets: Subnets): RouterRoute[] {
  const needed =
    settings.shape === "routed" && settings.crossSegment === "router" && segmentsInUse(settings).length > 1;
  if (!needed) return [];
  return settings.nodes.nodes.flatMap(({ name, segment, addresses }) =>
    families(settings.podCidr).map((family: Family, index) => ({
      segment,
      to: subnets[name]?.[index] as string,
      via: addressOf(addresses, family) as string,
    })),
  );
}
