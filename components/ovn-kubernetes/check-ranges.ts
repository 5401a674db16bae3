import { Cidr } from "../addresses/cidr";
import { families } from "../addresses/families";
import { smallestMtu } from "../addresses/mtu";
import { overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import { familyProblems, rangeProblems, someOf, underlay } from "../network-nodes/ranges";
import { type OvnKubernetesSettings, overheadOf } from "./complete";

/** Clouds answer instances at it. */
const metadata = "169.254.169.254/32";

/** What is wrong with ranges: they overlap, or have no room for the nodes. */
export function addressProblems(settings: OvnKubernetesSettings): Problem[] {
  return [
    ...familyProblems(settings, settings.nodes),
    ...rangeProblems(settings, settings.nodes),
    ...serviceFamilyProblems(settings),
    ...ownRangeProblems(settings),
    ...roomProblems(settings),
    ...mtuProblems(settings),
  ];
}

function serviceFamilyProblems({ podCidr, serviceCidr }: OvnKubernetesSettings): Problem[] {
  const [pods, services] = [podCidr, serviceCidr].map((list) => families(list).join(" and "));
  if (pods === services) return [];
  return [
    {
      path: "serviceCidr",
      value: serviceCidr.join(", "),
      rule: `services have ${services} addresses, and pods ${pods}; ovnkube takes only the same families in the same order`,
      fix: "say both as the API server has them",
    },
  ];
}

/** OVN-Kubernetes' own ranges, of the families that pods have. */
function ownRanges({ subnets, podCidr }: OvnKubernetesSettings) {
  const used = new Set(families(podCidr));
  return Object.entries(subnets)
    .filter(([name]) => used.has(name.endsWith("Ipv6") ? "ipv6" : "ipv4"))
    .map(([name, cidr]) => ({ name: `subnets.${name}`, cidr }));
}

function ownRangeProblems(settings: OvnKubernetesSettings): Problem[] {
  const { podCidr, serviceCidr, otherRanges, nodes } = settings;
  const own = ownRanges(settings);
  const names = new Set(own.map(({ name }) => name));
  const named = (name: string, list: readonly string[]) => list.map((cidr) => ({ name, cidr }));
  const all = [
    ...own,
    ...named("podCidr", podCidr),
    ...named("serviceCidr", serviceCidr),
    ...Object.entries(otherRanges).flatMap(([name, list]) => named(`otherRanges.${name}`, list)),
    ...(nodes ? underlay(nodes) : []),
    { name: "the address at which clouds answer instances,", cidr: metadata },
  ];
  return overlaps(all)
    .filter(({ first, second }) => names.has(first.name) || names.has(second.name))
    .map(({ first, second }) => (names.has(first.name) ? { one: first, other: second } : { one: second, other: first }))
    .map(({ one, other }) => ({
      path: one.name,
      value: one.cidr,
      rule: `${one.name} ${one.cidr}, which OVN-Kubernetes takes for itself, overlaps ${other.name} ${other.cidr}`,
      fix: `give ${one.name} a range that nothing else has`,
    }));
}

/** Each node has a part of podCidr. */
function roomProblems({ podCidr, nodePrefix, nodes }: OvnKubernetesSettings): Problem[] {
  const count = nodes?.nodes.length ?? 1;
  return podCidr.flatMap((text): Problem[] => {
    const range = Cidr.parse(text);
    const prefix = nodePrefix[range.family];
    const path = `nodePrefix.${range.family}`;
    if (prefix <= range.prefix)
      return [
        {
          path,
          value: String(prefix),
          rule: `a node's part of podCidr ${text} is no smaller than all of it`,
          fix: `take a prefix longer than ${range.prefix}`,
        },
      ];
    const room = range.subnets(prefix);
    return room >= BigInt(count)
      ? []
      : [
          {
            path,
            value: String(prefix),
            rule: `podCidr ${text} has ${room} parts with a prefix of ${prefix}, and there are ${count} nodes`,
            fix: "take a longer prefix, or a larger range",
          },
        ];
  });
}

/** Packets of pods, with Geneve's bytes before them, fit every node's NIC. */
function mtuProblems(settings: OvnKubernetesSettings): Problem[] {
  const { mtu, nodes, podCidr } = settings;
  const before = overheadOf(settings);
  const narrow = Map.groupBy(
    (nodes?.nodes ?? []).filter((node) => node.mtu < mtu + before),
    (node) => node.mtu,
  );
  const smallest = Math.max(...families(podCidr).map((family) => smallestMtu[family]));
  return [
    ...[...narrow].map(([carried, group]) => ({
      path: "mtu",
      value: String(mtu),
      rule: `packets of ${mtu} bytes and ${before} of Geneve do not fit the NIC of ${someOf(group)}, which carries ${carried}`,
      fix: `take ${carried - before} or less, or correct the mtu of these nodes in the inventory`,
    })),
    ...(mtu < smallest
      ? [
          {
            path: "mtu",
            value: String(mtu),
            rule: `${mtu} bytes are less than the ${smallest} that ${families(podCidr).join(" and ")} needs`,
            fix: "raise the MTU of the NICs",
          },
        ]
      : []),
  ];
}
