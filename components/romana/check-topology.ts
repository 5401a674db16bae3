import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import type { RomanaSettings } from "./complete";
import type { Group } from "./settings-topology";

/** Entries of a topology that a ConfigMap holds and Romana reads in a moment. */
const mostGroups = 65_536n;

/** Whether the range can be divided so. */
export function topologyProblems(settings: RomanaSettings): Problem[] {
  const { topology } = settings;
  if (topology.type === "nodes") return nodeProblems(settings);
  if (topology.type === "map") return mapProblems(settings);
  const count = topology.type === "zones" ? topology.zones.length * topology.groups : topology.groups;
  return Object.entries(settings.networks)
    .filter(([, { cidr, blockMask }]) => Cidr.parse(cidr).prefix + Math.ceil(Math.log2(count)) > blockMask)
    .map(([name, { cidr, blockMask }]) => ({
      path: `networks.${name}.cidr`,
      value: cidr,
      rule: `${cidr} in ${count} groups has no block of /${blockMask} for each`,
      fix: "take a larger network, fewer groups or smaller blocks",
    }));
}

function nodeProblems({ nodes, networks, nodePrefix }: RomanaSettings): Problem[] {
  const all = Object.entries(networks);
  const path = "topology.type";
  const value = "nodes";
  return [
    ...(nodes
      ? []
      : [
          {
            path,
            value,
            rule: "each node has a subnet, and there are no nodes",
            fix: 'say nodes, or topology: { type: "groups" }',
          },
        ]),
    ...(all.length > 1
      ? [
          {
            path,
            value,
            rule: `a node has one subnet, and there are ${all.length} networks`,
            fix: 'keep one, or say topology: { type: "map" }',
          },
        ]
      : []),
    ...all.flatMap(([name, { cidr, blockMask }]): Problem[] => {
      const range = Cidr.parse(cidr);
      if (range.subnets(nodePrefix) > mostGroups)
        return [
          {
            path: "nodePrefix",
            value: String(nodePrefix),
            rule: `${cidr} has ${range.subnets(nodePrefix)} subnets of /${nodePrefix}, and Romana is told of each`,
            fix: `take ${range.prefix + 16} or less`,
          },
        ];
      return blockMask < nodePrefix
        ? [
            {
              path: `networks.${name}.blockMask`,
              value: String(blockMask),
              rule: `a block of /${blockMask} does not fit a node's subnet of /${nodePrefix}`,
              fix: `take ${nodePrefix} or more`,
            },
          ]
        : [];
    }),
  ];
}

function mapProblems({ topology, networks }: RomanaSettings): Problem[] {
  if (topology.type !== "map") return [];
  const named = topology.maps.flatMap((one) => one.networks);
  const hosts = topology.maps.map(({ map }) => hostsOf(map));
  return [
    ...named
      .filter((name) => !(name in networks))
      .map((name) => ({
        path: "topology.maps",
        value: name,
        rule: `there is no network ${name}`,
        fix: `networks are: ${Object.keys(networks).join(", ")}`,
      })),
    ...Object.keys(networks)
      .filter((name) => !named.includes(name))
      .map((name) => ({
        path: `networks.${name}`,
        rule: "no map divides it among hosts",
        fix: "name it in one of topology.maps, or leave it out",
      })),
    ...hosts.flatMap((list) =>
      (["name", "ip"] as const).flatMap((field) =>
        repeated(list.map((host) => host[field])).map((value) => ({
          path: "topology.maps",
          value,
          rule: `two hosts of one map have the ${field} ${value}`,
          fix: "a host is in one group",
        })),
      ),
    ),
  ];
}

function hostsOf(groups: readonly Group[]): { name: string; ip: string }[] {
  return groups.flatMap((group) => [...(group.hosts ?? []), ...hostsOf(group.groups ?? [])]);
}

const repeated = (list: readonly string[]) => [...new Set(list.filter((one, place) => list.indexOf(one) !== place))];
