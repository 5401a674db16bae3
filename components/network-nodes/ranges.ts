import { addressOf, families } from "../addresses/families";
import { dockerDefault, type NamedRange, overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import { few } from "../few";
import type { Inventory } from "../inventory";

/** Which addresses are whose. */
export interface Ranges {
  podCidr: string[];
  serviceCidr: string[];
  /** Ranges of others, by name. */
  otherRanges: Record<string, string[]>;
}

/** One range for each family, and an address of it on every node: the next hop of the others. */
export function familyProblems({ podCidr, serviceCidr }: Ranges, nodes?: Inventory): Problem[] {
  const lists = Object.entries({ podCidr, serviceCidr });
  const repeated = lists.filter(([, list]) => new Set(families(list)).size < list.length);
  const missing = [...new Set(families(podCidr))].flatMap((family) =>
    (nodes?.nodes ?? [])
      .filter(({ addresses }) => !addressOf(addresses, family))
      .map(({ name }) => ({
        path: `nodes.${name}.addresses`,
        rule: `${name} has no ${family} address, and podCidr has an ${family} range`,
        fix: `give ${name} an address that the other nodes use as next hop, or leave the range out`,
      })),
  );
  return [
    ...repeated.map(([path, list]) => ({
      path,
      value: list.join(", "),
      rule: `${path} has more than one range of a family`,
      fix: "take one range that is large enough for each family",
    })),
    ...missing,
  ];
}

/** Ranges that share an address. Pods may lie in the nodes' own networks where they are part of them (`podsAmongNodes`). */
export function rangeProblems(ranges: Ranges, nodes?: Inventory, podsAmongNodes = false): Problem[] {
  const { podCidr, serviceCidr, otherRanges } = ranges;
  const own = [...named("podCidr", podCidr), ...named("serviceCidr", serviceCidr)];
  const others = Object.entries(otherRanges).flatMap(([name, list]) => named(`otherRanges.${name}`, list));
  const names = new Set(own.map(({ name }) => name));
  return overlaps([...own, ...others, ...(nodes ? underlay(nodes) : [])])
    .filter(({ first, second }) => names.has(first.name) || names.has(second.name))
    .map(({ first, second }) => (names.has(first.name) ? { one: first, other: second } : { one: second, other: first }))
    .filter(({ one, other }) => !(podsAmongNodes && one.name === "podCidr" && /^(segment|node) /.test(other.name)))
    .map(({ one, other }) => ({
      path: one.name,
      value: one.cidr,
      rule: `${one.name} ${one.cidr} overlaps ${other.name} ${other.cidr}`,
      fix: "give each a range of its own; packets to a shared address would reach only one of them",
    }));
}

/** Nodes whose segment is not described are held apart by their addresses. */
export function underlay({ nodes, segments }: Inventory): NamedRange[] {
  const subnets = Object.entries(segments).flatMap(([name, segment]) => named(`segment ${name}`, segment.subnets));
  const hosts = nodes
    .filter(({ segment }) => segments[segment]?.subnets.length === 0)
    .flatMap(({ name, addresses }) =>
      named(
        `node ${name}`,
        addresses.map((address) => `${address}/${address.includes(":") ? 128 : 32}`),
      ),
    );
  return [...subnets, ...hosts];
}

/** What is likely to go wrong with ranges, and is the user's to judge. */
export function rangeWarnings({ podCidr, serviceCidr }: Omit<Ranges, "otherRanges">): string[] {
  const own = [...named("podCidr", podCidr), ...named("serviceCidr", serviceCidr)];
  const taken = overlaps([...own, dockerDefault]).filter(({ first, second }) =>
    [first, second].includes(dockerDefault),
  );
  return taken.map(({ first, second }) => {
    const range = first === dockerDefault ? second : first;
    return `${range.name} ${range.cidr} holds Docker's default network ${dockerDefault.cidr}: a node that runs Docker with its defaults reaches no pod in it`;
  });
}

function named(name: string, cidrs: readonly string[]): NamedRange[] {
  return cidrs.map((cidr) => ({ name, cidr }));
}

/** The first of some nodes by name, and how many more. */
export function someOf(nodes: readonly { name: string }[]): string {
  return few(
    nodes.map(({ name }) => name),
    3,
  );
}
