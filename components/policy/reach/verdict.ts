import type { Decider } from "./decider";
import type { Direction, Policy, Rule, Tier } from "./rule";
import { bothFamilies, difference, everything, intersection, type Traffic, union } from "./traffic";

/** A part of what two endpoints could say to each other, and what decided over it in one direction. */
export interface Segment {
  traffic: Traffic;
  decider: Decider;
}

/** What policies say of one endpoint's connections in one direction. */
export interface Row {
  /** One for each group of other ends that the rules tell apart. */
  verdicts: readonly (readonly Segment[])[];
  /** Of each endpoint, as the other end, its verdict. */
  of: Uint32Array;
  /** Of each endpoint the number of the traffic that is allowed. */
  numbers: Uint32Array;
}

/** A tier's policies that select an endpoint, in their order. */
export interface Stage {
  tier: Tier;
  policies: readonly Policy[];
}

/**
 * Walks the stages: the first rule that takes a packet decides; "pass" goes on to the next stage; what no rule of a
 * stage takes is denied, or goes on where the stage says so; what is left at the end is allowed.
 *
 * @param taken what a rule takes between the two endpoints
 */
export function decide(direction: Direction, stages: readonly Stage[], taken: (rule: Rule) => Traffic): Segment[] {
  const segments: Segment[] = [];
  let left: { traffic: Traffic; passedBy: readonly string[] }[] = [{ traffic: everything(bothFamilies), passedBy: [] }];
  for (const stage of stages) left = left.flatMap((part) => inStage(direction, stage, taken, part, segments));
  for (const { traffic, passedBy } of left)
    segments.push({ traffic, decider: { direction, allow: true, ...passed(passedBy) } });
  return segments;
}

interface Part {
  traffic: Traffic;
  passedBy: readonly string[];
}

/** What goes on to the next stage. */
function inStage(
  direction: Direction,
  { tier, policies }: Stage,
  taken: (rule: Rule) => Traffic,
  part: Part,
  segments: Segment[],
): Part[] {
  let { traffic } = part;
  const on: Part[] = [];
  for (const policy of policies)
    for (const rule of policy.rules[direction] ?? []) {
      if (rule.action === "log") continue;
      const mine = intersection(taken(rule), traffic);
      if (mine.length === 0) continue;
      traffic = difference(traffic, mine);
      const words = `${policy.name}, ${direction} rule ${rule.index}`;
      if (rule.action === "pass") on.push({ traffic: mine, passedBy: [...part.passedBy, words] });
      else
        segments.push({
          traffic: mine,
          decider: {
            direction,
            allow: rule.action === "allow",
            policy: policy.name,
            rule: rule.index,
            ...(rule.name !== undefined && { ruleName: rule.name }),
            ...passed(part.passedBy),
          },
        });
    }
  if (traffic.length === 0) return on;
  if (tier.otherwise === "pass") return [...on, { traffic, passedBy: part.passedBy }];
  const isolatedBy = policies.map(({ name }) => name);
  segments.push({ traffic, decider: { direction, allow: false, isolatedBy, ...passed(part.passedBy) } });
  return on;
}

function passed(passedBy: readonly string[]): Pick<Decider, "passedBy"> {
  return passedBy.length > 0 ? { passedBy } : {};
}

export function allowedOf(segments: readonly Segment[]): Traffic {
  return union(segments.filter(({ decider }) => decider.allow).map(({ traffic }) => traffic));
}
