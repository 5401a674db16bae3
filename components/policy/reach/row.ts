import type { Endpoint } from "./endpoint";
import type { Answers, TrafficNumbers } from "./memory";
import type { Direction, Rule } from "./rule";
import { bothFamilies, everything, intersection, nothing, type Traffic } from "./traffic";
import { allowedOf, decide, type Row, type Stage } from "./verdict";

/**
 * @param subject an endpoint that the stages' policies select; others with the same rules and ports have the same row
 */
export function makeRow(
  direction: Direction,
  stages: readonly Stage[],
  subject: { endpoint: Endpoint; index: number },
  answers: Answers,
  numbers: TrafficNumbers,
): Row {
  const rules = stages.flatMap(({ policies }) => policies.flatMap((policy) => policy.rules[direction] ?? []));
  const parts = rules.flatMap((rule) => partOf(rule, direction, subject, answers));
  const { of, members } = grouped(parts, answers.endpoints.length);
  const byRule = new Map(parts.map((part) => [part.rule, part]));
  const verdicts = members.map((member) => {
    const taken = (rule: Rule) => {
      const part = byRule.get(rule);
      return part ? takenFrom(part, member, numbers) : nothing;
    };
    return decide(direction, stages, taken);
  });
  const allowed = verdicts.map((segments) => numbers.of(allowedOf(segments)));
  return { verdicts, of, numbers: of.map((verdict) => allowed[verdict] as number) };
}

/** What a rule takes, for each other end. */
interface Part {
  rule: Rule;
  /** The families in which the other end is meant. */
  mask: Uint8Array;
  /** Packets towards the subject's own ports, or towards any. */
  fixed: Traffic;
  /** Packets towards each other end's named ports, by number. */
  named?: Uint32Array;
}

function partOf(
  rule: Rule,
  direction: Direction,
  { endpoint, index }: { endpoint: Endpoint; index: number },
  answers: Answers,
): Part[] {
  const own = rule.own ? (answers.mask(rule.own)[index] as number) : bothFamilies;
  if (own === 0) return [];
  const named =
    rule.named !== undefined && direction === "egress" ? { named: answers.namedTraffic(rule, rule.named) } : {};
  const traffic = named.named ? everything(bothFamilies) : rule.traffic(endpoint);
  return [{ rule, mask: answers.mask(rule.peer), fixed: intersection(traffic, everything(own)), ...named }];
}

function takenFrom({ mask, fixed, named }: Part, other: number, numbers: TrafficNumbers): Traffic {
  const families = mask[other] as number;
  if (families === 0) return nothing;
  const meant = families === bothFamilies ? fixed : intersection(fixed, everything(families));
  return named ? intersection(meant, numbers.list[named[other] as number] as Traffic) : meant;
}

/** Parts the other ends by what each rule makes of them; each group with one of its members. */
function grouped(parts: readonly Part[], count: number): { of: Uint32Array; members: number[] } {
  const of = new Uint32Array(count);
  let members = count > 0 ? [0] : [];
  for (const { mask, named } of parts) {
    const next = new Map<number, number>();
    const found: number[] = [];
    for (let other = 0; other < count; other += 1) {
      const families = mask[other] as number;
      const answer = families === 0 || !named ? families : 4 + (named[other] as number) * 4 + families;
      const key = answer * (count + 1) + (of[other] as number);
      let group = next.get(key);
      if (group === undefined) {
        group = found.length;
        next.set(key, group);
        found.push(other);
      }
      of[other] = group;
    }
    members = found;
  }
  return { of, members };
}
