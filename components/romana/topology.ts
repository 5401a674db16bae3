import { Cidr } from "../addresses/cidr";
import { addressOf } from "../addresses/families";
import type { Subnets } from "../addresses/plan";
import type { RomanaSettings } from "./complete";
import type { Group } from "./settings-topology";

/** A part of the range as Romana reads it: hosts stand in the place of groups. */
interface Entry {
  name?: string | undefined;
  routing?: "prefix-on-host";
  assignment?: Record<string, string> | undefined;
  groups: (Entry | { name: string; ip: string })[];
}

/** The networks and how they are divided, as Romana's daemon takes them at its first start. */
export function topologyText(settings: RomanaSettings, subnets: Subnets): string {
  const networks = Object.entries(settings.networks).map(([name, { cidr, blockMask, tenants }]) => ({
    name,
    cidr,
    block_mask: blockMask,
    ...(tenants.length > 0 && { tenants }),
  }));
  const document = { networks, topologies: topologies(settings, subnets) };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function topologies(settings: RomanaSettings, subnets: Subnets) {
  const { topology, networks } = settings;
  const all = Object.keys(networks);
  switch (topology.type) {
    case "nodes":
      return [{ networks: all, map: perNode(settings, subnets) }];
    case "groups":
      return [{ networks: all, map: many(topology.groups, (place) => ({ name: `host-group-${place}`, groups: [] })) }];
    case "zones":
      return [
        {
          networks: all,
          map: topology.zones.map((zone) => ({
            name: zone,
            groups: many(topology.groups, (place) => ({
              name: `${zone}-group-${place}`,
              assignment: { [topology.label]: zone },
              groups: [],
            })),
          })),
        },
      ];
    default:
      return topology.maps.map(({ networks: of, map }) => ({ networks: of, map: map.map(entryOf) }));
  }
}

/**
 * Romana gives the n-th group the n-th part of the range, of parts that are as many as the next power of two. So each
 * node's group stands at the place of its subnet, and behind the last one there are so many that parts are of its size.
 */
function perNode({ nodes, networks, nodePrefix }: RomanaSettings, subnets: Subnets): Entry[] {
  const [range] = Object.values(networks).map(({ cidr }) => Cidr.parse(cidr));
  if (!range) return [];
  const places = new Map<number, Entry>();
  for (const { name, addresses } of nodes?.nodes ?? []) {
    const subnet = Cidr.parse(subnets[name]?.[0] as string);
    const ip = addressOf(addresses, "ipv4") as string;
    places.set(Number((subnet.base - range.base) / subnet.size), {
      name,
      routing: "prefix-on-host",
      groups: [{ name, ip }],
    });
  }
  const least = Number(range.subnets(nodePrefix)) / 2 + 1;
  const length = Math.max(Math.floor(least), ...[...places.keys()].map((place) => place + 1));
  return Array.from({ length }, (_, place) => places.get(place) ?? { groups: [] });
}

function entryOf({ name, assignment, groups, hosts }: Group): Entry {
  return {
    ...(name !== undefined && { name }),
    ...(assignment && { assignment }),
    groups: hosts ?? (groups ?? []).map(entryOf),
  };
}

function many<One>(count: number, make: (place: string) => One): One[] {
  return Array.from({ length: count }, (_, index) => make(String(index + 1).padStart(2, "0")));
}
