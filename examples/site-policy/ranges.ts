import { type NamedRange, overlaps } from "podnet";
import { networksIn, type Resource, stackOf, type Violation } from "./stack";

/** Whose ranges are whose, by the stack's name. */
export type Taken = Record<string, readonly string[]>;

/**
 * Ranges of this stack's networks that another stack has. One list serves all stacks: a stack does not overlap itself.
 *
 * What a stack reads of others (podnet's setting `otherRanges`) podnet itself refuses; this is for the stacks that it
 * does not think of.
 */
export function sharedRanges(resources: readonly Resource[], taken: Taken): Violation[] {
  const others = Object.entries(taken).filter(
    ([stack]) => resources[0] === undefined || stack !== stackOf(resources[0]),
  );
  const theirs = others.flatMap(([stack, list]) => list.map((cidr) => ({ name: `stack ${stack}`, cidr })));
  return networksIn(resources).flatMap((network) => {
    const own = (["podCidr", "serviceCidr"] as const).flatMap((name) =>
      (network.props.settings?.[name] ?? []).map((cidr): NamedRange => ({ name, cidr })),
    );
    return overlaps([...own, ...theirs]).flatMap(({ first, second }) => {
      const [mine, other] = own.includes(first) ? [first, second] : [second, first];
      // Whether others overlap each other is for their own previews to say.
      if (!own.includes(mine) || own.includes(other)) return [];
      const message = `${mine.name} ${mine.cidr} of ${network.name} overlaps ${other.cidr} of ${other.name}; take a range that no stack has`;
      return [{ message, urn: network.urn }];
    });
  });
}
