import type { Segment, Way } from "./model";
import { carrierOf, type Family, type Read } from "./read";

type Route = Read<"node">["state"]["routes"][number];
type Link = Read<"node">["state"]["links"][number];

/** "10.244.1.0/24 and the next 9 via 198.18.0.12 and the next 9". */
export function routeWords({ to, via, device, count }: Route): string {
  const more = count > 2 ? ` and the next ${count - 1}` : count > 1 ? " and the next" : "";
  // A subnet's own first address is the far end of a tunnel.
  if (via === "network") return `${to}${more} through ${device}`;
  return [`${to}${more}`, via && `via ${via}${more}`, device && `on ${device}`].filter(Boolean).join(" ");
}

export function tunnelWords({ type, name, vni, port, peers }: Link): string[] {
  if (type !== "vxlan") return [];
  const ends = peers.reduce((sum, { count }) => sum + count, 0);
  return [`${vxlan({ name, vni, port })}, to ${ends} ${ends === 1 ? "node" : "nodes"}`];
}

const vxlan = ({ name, vni, port }: Pick<Link, "name" | "vni" | "port">) =>
  `vxlan ${name}, VNI ${vni ?? "?"}, UDP ${port ?? 4789}`;

/** How packets get from a segment to another, and, where the network's own daemons see to it, between any two nodes. */
export function waysOf({ record, nodes }: Family, segments: readonly Segment[]): Way[] {
  const names = segments.map(({ name }) => name);
  const tunnels = new Set(
    nodes.flatMap(({ state }) => state.links.filter(({ type }) => type === "vxlan").map((link) => vxlan(link))),
  );
  const carried = nodes.some(({ state }) => state.routes.length > 0) ? undefined : carrierOf(record.settings);
  const routed = segments.filter(({ routers }) => routers.length > 0);
  return [
    ...[...tunnels].map((what): Way => ({ kind: "tunnel", what, segments: names })),
    ...(carried ? [{ kind: "overlay" as const, what: `${record.network}: ${carried}`, segments: names }] : []),
    ...(tunnels.size === 0 && segments.length > 1 && routed.length > 0
      ? [
          {
            kind: "router" as const,
            what: routed.map(({ name, routers }) => `${name} by ${routers.join(", ")}`).join("; "),
            segments: routed.map(({ name }) => name),
          },
        ]
      : []),
  ];
}
