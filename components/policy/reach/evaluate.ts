import type { Endpoint } from "./endpoint";
import { endpointsOf } from "./endpoints";
import { type Answers, Memory } from "./memory";
import { isPolicy, networkSetsOf, tiersOf } from "./normalise";
import { Reachability } from "./reachability";
import { makeRow } from "./row";
import type { Direction, Policy, Tier } from "./rule";
import { spokenOf } from "./spoken";
import type { Row, Stage } from "./verdict";
import type { KubernetesObject, World } from "./world";

interface Options {
  /** Kept by the caller for the next evaluation, where only little changes. */
  memory?: Memory;
  /** Policies that also part endpoints, so that two evaluations have the same parts. */
  beside?: readonly KubernetesObject[];
}

/**
 * Who reaches whom, by NetworkPolicies, ClusterNetworkPolicies and Calico's policies.
 *
 * @throws UserError for a policy whose spec cannot be read
 */
export function evaluate(world: World, { memory = new Memory(), beside = [] }: Options = {}): Reachability {
  const context = { sets: networkSetsOf(world.policies, world.namespaces), nodes: world.nodes };
  const contextText = JSON.stringify(context);
  const tiers = tiersOf(world.policies);
  const read = world.policies.filter(isPolicy).map((object) => memory.policy(object, context, contextText));
  const spoken = spokenOf(world, [...world.policies, ...beside]);
  const endpoints = endpointsOf(world, spoken);
  const answers = memory.answersFor(endpoints);
  const policies = read.flatMap(({ policy, number }) => (policy ? [{ policy, number }] : []));
  const pods = endpoints.filter(({ namespace }) => namespace !== undefined).length;
  const rows = (direction: Direction) =>
    rowsOf(direction, inOrder(policies, direction, tiers), endpoints, answers, memory);
  const unevaluated = [
    ...read.flatMap((one) => one.unevaluated),
    ...policies
      .filter(({ policy }) => !tiers.some(({ name }) => name === policy.tier))
      .map(
        ({ policy }) =>
          `${policy.name}: its tier "${policy.tier}" is not among the objects, so that it decides nothing`,
      ),
    ...withoutAddresses(endpoints, spoken.ranges),
  ];
  const both = { ingress: rows("ingress"), egress: rows("egress") };
  return new Reachability(endpoints, pods, both, memory.numbers, answers, unevaluated);
}

interface Numbered {
  policy: Policy;
  number: number;
}

/** The policies of each tier that decide over a direction, in the order in which they are asked. */
function inOrder(policies: readonly Numbered[], direction: Direction, tiers: readonly Tier[]) {
  return tiers.map((tier) => ({
    tier,
    policies: policies
      .filter(({ policy }) => policy.tier === tier.name && policy.rules[direction])
      .sort(
        ({ policy: left }, { policy: right }) =>
          compareOrder(left.order, right.order) ||
          (left.tieBreak < right.tieBreak ? -1 : left.tieBreak > right.tieBreak ? 1 : 0),
      ),
  }));
}

/** An order that is left out is infinite, and two of them are equal. */
const compareOrder = (left: number, right: number) => (left === right ? 0 : left - right);

function rowsOf(
  direction: Direction,
  ordered: readonly { tier: Tier; policies: readonly Numbered[] }[],
  endpoints: readonly Endpoint[],
  answers: Answers,
  memory: Memory,
): (Row | undefined)[] {
  const selecting = ordered.map(({ tier, policies }) => ({
    tier,
    policies: policies.map((one) => ({ ...one, mask: answers.mask(one.policy.selects) })),
  }));
  return endpoints.map((endpoint, index) => {
    const stages = selecting.flatMap(({ tier, policies }) => {
      const mine = policies.filter(({ mask }) => mask[index]);
      return mine.length > 0 ? [{ tier, policies: mine }] : [];
    });
    if (stages.length === 0) return undefined;
    const key = rowKey(direction, stages, endpoint, index);
    const known = answers.rows.get(key);
    if (known) return known;
    const asked: Stage[] = stages.map(({ tier, policies }) => ({
      tier,
      policies: policies.map(({ policy }) => policy),
    }));
    const row = makeRow(direction, asked, { endpoint, index }, answers, memory.numbers);
    answers.rows.set(key, row);
    return row;
  });
}

/** Endpoints with the same policies have the same row, unless a rule asks for more of its own end. */
function rowKey(
  direction: Direction,
  stages: readonly { tier: Tier; policies: readonly Numbered[] }[],
  endpoint: Endpoint,
  index: number,
): string {
  const rules = stages.flatMap(({ policies }) => policies.flatMap(({ policy }) => policy.rules[direction] ?? []));
  const numbers = stages.map(({ tier, policies }) => [
    tier.name,
    tier.order,
    tier.otherwise,
    ...policies.map(({ number }) => number),
  ]);
  const ports = direction === "ingress" && rules.some(({ named }) => named !== undefined) ? endpoint.ports : [];
  return JSON.stringify([direction, numbers, ports, rules.some(({ own }) => own) ? index : -1]);
}

/** Pods on disk have no addresses: what a policy says of ranges is then only known of all or nothing. */
function withoutAddresses(endpoints: readonly Endpoint[], ranges: ReadonlySet<string>): string[] {
  const unknown = endpoints.filter(({ namespace, addresses }) => namespace && addresses.length === 0).length;
  const partial = [...ranges].filter((range) => !range.endsWith("/0"));
  if (unknown === 0 || partial.length === 0) return [];
  const shown = partial.slice(0, 3).join(", ");
  return [
    `${unknown === 1 ? "one workload has" : `${unknown} workloads have`} no known address: taken to be in none of ${shown}${partial.length > 3 ? ` and ${partial.length - 3} more ranges` : ""}`,
  ];
}
