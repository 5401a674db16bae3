import { Cidr } from "../addresses/cidr";
import { addressOf, families } from "../addresses/families";
import { smallestMtu, vxlanOverhead } from "../addresses/mtu";
import { allocate, PlanError } from "../addresses/plan";
import type { Problem } from "../addresses/problem";
import { fieldSince, isOlder, specificationSince } from "../cni";
import { nameProblems } from "../network-nodes/name";
import { familyProblems, rangeProblems, rangeWarnings, someOf } from "../network-nodes/ranges";
import { flatProblems } from "./check-flat";
import { type BridgeSettings, complete, largestMtu, pools, segmentsInUse, tunnelFamily } from "./complete";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...familyProblems(settings, settings.nodes),
    ...poolProblems(settings),
    ...unusedProblems(settings, parsed),
    ...rangeProblems(settings, settings.nodes, settings.shape === "flat"),
    ...mtuProblems(settings),
    ...(settings.shape === "flat" ? flatProblems(settings) : routedProblems(settings, parsed)),
    ...routesProblems(settings),
    ...deviceProblems(settings),
    ...cniProblems(settings),
  ];
}

/** What is likely to go wrong, and is the user's to judge. */
export function settingsWarnings(settings: BridgeSettings): string[] {
  return [...settings.nodes.warnings, ...rangeWarnings(settings)];
}

function poolProblems(settings: BridgeSettings): Problem[] {
  const tooLong = pools(settings).flatMap(({ cidr, nodePrefix }) => {
    const { family, prefix } = Cidr.parse(cidr);
    if (nodePrefix >= prefix) return [];
    const rule = `a node's subnet of /${nodePrefix} is larger than its pool ${cidr}`;
    return [
      {
        path: `nodePrefix.${family}`,
        value: String(nodePrefix),
        rule,
        fix: `take ${prefix + 1} or more, or a larger pool`,
      },
    ];
  });
  if (tooLong.length > 0) return tooLong;
  try {
    allocate(undefined, { pools: pools(settings), nodes: settings.nodes.nodes.map(({ name }) => name) });
    return [];
  } catch (error) {
    if (error instanceof PlanError) return error.problems.filter(({ path }) => path !== "pools");
    throw error;
  }
}

/** Settings that would say something about nothing. */
function unusedProblems(settings: BridgeSettings, { nodePrefix, masquerade }: ParsedSettings): Problem[] {
  const split = families(pools(settings).map(({ cidr }) => cidr));
  const unsplit = Object.entries(nodePrefix).filter(
    ([family, prefix]) => prefix !== undefined && !split.some((one) => one === family),
  );
  return [
    ...unsplit.map(([family, prefix]) => ({
      path: `nodePrefix.${family}`,
      value: String(prefix),
      rule: `no ${family} range is split among the nodes, and nodePrefix.${family} is set`,
      fix: `leave it out, or give ${settings.shape === "flat" ? "flat.pool" : "podCidr"} an ${family} range`,
    })),
    ...(settings.shape === "flat" && masquerade.except.length > 0
      ? [
          {
            path: "masquerade.except",
            value: masquerade.except.join(", "),
            rule: "packets of a flat network are never translated, and masquerade.except is set",
            fix: 'leave it out, or say shape: "routed"',
          },
        ]
      : []),
  ];
}

function mtuProblems(settings: BridgeSettings): Problem[] {
  const { mtu, nodes } = settings;
  const family = tunnelFamily(settings);
  const overhead = family ? vxlanOverhead[family] : 0;
  const needs = overhead > 0 ? ` and ${overhead} of VXLAN over ${family}` : "";
  const narrow = Map.groupBy(
    nodes.nodes.filter((node) => node.mtu < mtu + overhead),
    (node) => node.mtu,
  );
  const problems: Problem[] = [...narrow].map(([carried, group]) => ({
    path: "mtu",
    value: String(mtu),
    rule: `packets of ${mtu} bytes${needs} do not fit the NIC of ${someOf(group)}, which carries ${carried}`,
    fix: `take ${largestMtu(settings)} or less, or correct the mtu of these nodes in the inventory`,
  }));
  for (const one of new Set(families(settings.podCidr)))
    if (mtu < smallestMtu[one])
      problems.push({
        path: "mtu",
        value: String(mtu),
        rule: `${mtu} bytes are less than the ${smallestMtu[one]} that ${one} needs`,
        fix: "raise the MTU of the NICs, or leave this address family out",
      });
  return problems;
}

/** Routes in a cloud are what its routers go by, and nothing else. */
function routesProblems({ routes, shape, crossSegment }: BridgeSettings): Problem[] {
  if (!routes || (shape === "routed" && crossSegment === "router")) return [];
  const rule =
    shape === "flat"
      ? "pods of a flat network are in the physical network"
      : "a tunnel brings packets to other segments";
  return [
    {
      path: "routes",
      rule: `${rule}, and need no routes`,
      fix: 'leave routes out, or say shape: "routed" and crossSegment: "router"',
    },
  ];
}

function routedProblems(settings: BridgeSettings, { flat }: ParsedSettings): Problem[] {
  const { crossSegment, nodes } = settings;
  const problems: Problem[] = [];
  if (flat.ipam !== "host-local" || flat.gateway.length + flat.pool.length + Object.keys(flat.ranges).length > 0)
    problems.push({
      path: "flat",
      rule: "flat is set, and the shape is routed",
      fix: 'say shape: "flat", or leave flat out',
    });
  const segments = segmentsInUse(settings);
  if (segments.length < 2 || crossSegment !== "router") return problems;
  for (const segment of segments)
    for (const family of families(settings.podCidr))
      if (!addressOf(nodes.segments[segment]?.routers ?? [], family))
        problems.push({
          path: `segments.${segment}.routers`,
          rule: `segment ${segment} has no ${family} router, and its nodes reach other segments' pods by one`,
          fix: 'name the router\'s address in this segment, or say crossSegment: "vxlan"',
        });
  return problems;
}

function deviceProblems({ bridge, vxlan, nodes, routerAdvertisements }: BridgeSettings): Problem[] {
  const clashes = nodes.nodes
    .filter(({ nic }) => nic === bridge || nic === vxlan.name)
    .map(({ name, nic }) => ({
      path: `nodes.${name}.nic`,
      value: String(nic),
      rule: `the NIC of ${name} is named like podnet's device ${nic}`,
      fix: `give podnet's device another name (${nic === bridge ? "bridge" : "vxlan.name"}), or correct the NIC`,
    }));
  const unnamed = nodes.nodes.filter(({ nic }) => routerAdvertisements && nic === undefined);
  return [
    ...clashes,
    ...(bridge === vxlan.name
      ? [
          {
            path: "vxlan.name",
            value: bridge,
            rule: "the tunnel has the bridge's name",
            fix: "give one of bridge and vxlan.name another name",
          },
        ]
      : []),
    ...unnamed.map(({ name }) => ({
      path: `nodes.${name}.nic`,
      rule: `routerAdvertisements is on, and the NIC of ${name} is not named`,
      fix: "name the NIC that receives them",
    })),
  ];
}

function cniProblems({ cni, hairpin }: BridgeSettings): Problem[] {
  const needs = (path: string, since: string): Problem[] =>
    isOlder(cni.pluginVersion, since)
      ? [
          {
            path,
            rule: `${path} needs CNI plugins ${since}, and pluginVersion is ${cni.pluginVersion}, which would ignore it`,
            fix: `leave it out, or install plugins ${since} (cni.artifacts) and say cni.pluginVersion`,
          },
        ]
      : [];
  const used = Object.entries(fieldSince).filter(([field]) => cni[field as keyof typeof cni] === true);
  return [
    ...needs("cni.version", specificationSince[cni.version]),
    ...used.flatMap(([field, since]) => needs(`cni.${field}`, since)),
    ...(hairpin && cni.promiscMode
      ? [{ path: "hairpin", rule: "hairpin and cni.promiscMode exclude each other", fix: "keep one" }]
      : []),
  ];
}
