import fc from "fast-check";
import { expect, test } from "vitest";
import { allowedConnections, asked } from "../../../../components/policy/reach/connections";
import { diff } from "../../../../components/policy/reach/diff";
import { evaluate } from "../../../../components/policy/reach/evaluate";
import { Memory } from "../../../../components/policy/reach/memory";
import { trafficWords } from "../../../../components/policy/reach/traffic-words";
import type { KubernetesObject, World } from "../../../../components/policy/reach/world";
import { nine, passes, policy } from "./matrix";
import { slowly } from "./slow";

const labels = fc.constantFrom("a", "b", "c");
const spaces = fc.constantFrom("x", "y", "z");
const selector = (key: string, values: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.constant({}),
    values.map((value) => ({ matchLabels: { [key]: value } })),
    fc
      .record({ operator: fc.constantFrom("In", "NotIn"), values: fc.array(values, { minLength: 1, maxLength: 2 }) })
      .map((rest) => ({ matchExpressions: [{ key, ...rest }] })),
    fc.constantFrom("Exists", "DoesNotExist").map((operator) => ({ matchExpressions: [{ key, operator }] })),
  );
const pods = selector("pod", labels);
const block = fc.record({
  cidr: fc.constantFrom("0.0.0.0/0", "10.0.0.0/16", "10.0.2.0/23", "10.0.1.0/30"),
  third: fc.integer({ min: 1, max: 3 }),
  last: fc.integer({ min: 1, max: 3 }),
  excepting: fc.boolean(),
});
const peer = fc.oneof(
  pods.map((podSelector) => ({ podSelector })),
  selector("ns", spaces).map((namespaceSelector) => ({ namespaceSelector })),
  fc.record({ podSelector: pods, namespaceSelector: selector("ns", spaces) }),
  block.map(({ cidr, third, last, excepting }) => ({
    ipBlock:
      excepting && cidr.startsWith("0")
        ? { cidr, except: [`10.0.${third}.0/24`, `10.0.${third}.${last}/32`] }
        : { cidr: excepting ? `10.0.${third}.${last}/32` : cidr },
  })),
);
const port = fc.oneof(
  fc.record({ port: fc.constantFrom(80, 81), protocol: fc.constantFrom("TCP", "UDP", "SCTP") }),
  fc.constantFrom({ port: 79, endPort: 80 }, { port: 81, endPort: 90, protocol: "UDP" }, { protocol: "SCTP" }),
  fc.constantFrom({ port: "serve-80-tcp" }, { port: "serve-81-udp", protocol: "UDP" }, { port: "serve-80-udp" }),
);
const rule = (end: "from" | "to") =>
  fc.record({ [end]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) });
const spec = fc.record(
  {
    podSelector: pods,
    policyTypes: fc.constantFrom(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
    ingress: fc.array(rule("from"), { maxLength: 2 }),
    egress: fc.array(rule("to"), { maxLength: 2 }),
  },
  { requiredKeys: ["podSelector"] },
);
const policies = fc
  .array(fc.tuple(spaces, spec), { maxLength: 5 })
  .map((all) => all.map(([space, one], index) => policy(`${space}/p${index}`, one)));

/** Every packet of the matrix over which the evaluator and the slow reading disagree. */
function disagreements(world: World): string[] {
  const reach = evaluate(world);
  return world.workloads.flatMap((from) =>
    world.workloads.flatMap((to) =>
      (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) =>
        [79, 80, 81].flatMap((number) => {
          const names = {
            from: `${from.namespace}/${from.name}`,
            to: `${to.namespace}/${to.name}`,
            protocol,
            port: number,
          };
          const same = passes(reach, names) === slowly(world, from, to, protocol, number);
          return same ? [] : [`${names.from} → ${names.to} ${protocol}/${number}`];
        }),
      ),
    ),
  );
}

test("the evaluator says what a slow reading of NetworkPolicy says", () => {
  fc.assert(
    fc.property(policies, (all) => {
      expect(disagreements(nine(all))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("what a memory keeps from other policies changes no answer", () => {
  const memory = new Memory();
  fc.assert(
    fc.property(policies, (all) => {
      const [kept, fresh] = [evaluate(nine(all), { memory }), evaluate(nine(all))];
      const table = kept.table();
      const answers = (words: (from: number, to: number) => string) =>
        [...fresh.endpoints.keys()].flatMap((from) => [...fresh.endpoints.keys()].map((to) => words(from, to)));
      const count = kept.endpoints.length;
      expect(answers((from, to) => trafficWords(kept.traffic(table[from * count + to] as number)))).toEqual(
        answers((from, to) => trafficWords(fresh.allowed(from, to))),
      );
    }),
    { numRuns: 100 },
  );
});

test("the rules that decided add up to what is allowed", () => {
  fc.assert(
    fc.property(policies, (all) => {
      const reach = evaluate(nine(all));
      for (const from of reach.endpoints.keys())
        for (const to of reach.endpoints.keys()) {
          const open = reach.connections(from, to).filter(({ allow }) => allow);
          const traffic = open.flatMap((one) => one.traffic).sort(([left], [right]) => left - right);
          expect(trafficWords(joined(traffic))).toBe(trafficWords(reach.allowed(from, to)));
        }
    }),
    { numRuns: 30 },
  );
});

const joined = (ranges: (readonly [number, number])[]) =>
  ranges.reduce<[number, number][]>((all, [first, last]) => {
    const previous = all.at(-1);
    if (previous && previous[1] + 1 >= first) previous[1] = Math.max(previous[1], last);
    else all.push([first, last]);
    return all;
  }, []);

test("groups hold every allowed pair once", () => {
  fc.assert(
    fc.property(policies, (all) => {
      const reach = evaluate(nine(all));
      const groups = allowedConnections(reach).flatMap(({ from, to }) =>
        from.flatMap((one) => to.map((other) => `${one} ${other}`)),
      );
      const wanted = [...reach.endpoints.keys()].flatMap((one) =>
        [...reach.endpoints.keys()]
          .filter((other) => asked(reach, one, other) && reach.allowed(one, other).length > 0)
          .map((other) => `${one} ${other}`),
      );
      expect(groups.sort()).toEqual(wanted.sort());
    }),
    { numRuns: 30 },
  );
});

test("a difference there and back is the same, turned round, and none to itself", () => {
  fc.assert(
    fc.property(policies, policies, (before, after) => {
      const side = (own: KubernetesObject[], beside: KubernetesObject[]) => evaluate(nine(own), { beside });
      const [old, fresh] = [side(before, after), side(after, before)];
      const words = (changes: readonly { from: string; to: string; traffic: string }[]) =>
        changes.map(({ from, to, traffic }) => `${from} → ${to}: ${traffic}`).sort();
      expect(words(diff(old, fresh).opened)).toEqual(words(diff(fresh, old).closed));
      expect(diff(old, old)).toEqual({ opened: [], closed: [], added: [], removed: [] });
    }),
    { numRuns: 30 },
  );
});
