import fc from "fast-check";
import { expect, test } from "vitest";
import { deciderWords } from "../../../../components/policy/reach/decider";
import { evaluate } from "../../../../components/policy/reach/evaluate";
import type { Reachability } from "../../../../components/policy/reach/reachability";
import { readObjects } from "../../../../components/policy/reach/read-objects";
import { blockStart, includes, ipv4, type Protocol } from "../../../../components/policy/reach/traffic";
import { probed, world } from "./arbitrary";
import { judged } from "./packet";

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
const key = ({ metadata }: { metadata: { namespace: string; name: string } }) =>
  `${metadata.namespace}/${metadata.name}`;

/** "p1 0" of "ClusterNetworkPolicy p1, ingress rule 0"; nothing where no rule decided. */
const ruleOf = (words: string) => {
  const [, name, rule] = /^\w+ (?:\w+\/)?(\w+), \w+ rule (\d+)/.exec(words) ?? [];
  return name === undefined ? "" : `${name} ${rule}`;
};

/** What is said of one packet, and by which rules. */
function said(reach: Reachability, from: string, to: string, protocol: Protocol, port: number) {
  const index = (name: string) =>
    reach.endpoints.findIndex(({ namespace, pods }) => pods.some((pod) => `${namespace?.name}/${pod.name}` === name));
  const number = blockStart(ipv4, protocol) + port;
  const found = reach.connections(index(from), index(to)).filter(({ traffic }) => includes(traffic, number));
  return found.map(({ allow, egress, ingress }) => ({
    open: allow,
    by: [egress, ingress].map((one) => ruleOf(deciderWords(one))),
  }));
}

test("worlds with policies of the cluster are judged as packet by packet, and the same rule decides", () => {
  let decided = 0;
  fc.assert(
    fc.property(world, ({ namespaces, pods, policies }) => {
      const objects = [...namespaces, ...pods, ...policies];
      const reach = evaluate(readObjects(objects.map((object, place) => ({ where: `object ${place}`, object }))).world);
      for (const from of pods)
        for (const to of pods)
          for (const protocol of protocols)
            for (const port of probed) {
              const where = `${key(from)} → ${key(to)} ${protocol}/${port}`;
              const expected = judged(objects, { from, to, protocol, port } as Parameters<typeof judged>[1]);
              const found = said(reach, key(from), key(to), protocol, port);
              expect({ where, found }).toEqual({ where, found: [expected] });
              if (expected.by.some((rule) => rule !== "")) decided += 1;
            }
    }),
    { numRuns: 200 },
  );
  expect(decided, "packets that a rule decided over").toBeGreaterThan(1000);
});
