import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { changes as bridge } from "../../components/bridge/changes";
import { isOlder } from "../../components/cni";
import { batches, rollout } from "../../components/rollout";

test.each([
  ["100%", 10, [10]],
  ["25%", 10, [2, 2, 2, 2, 2]],
  ["30%", 10, [3, 3, 3, 1]],
  ["1%", 3, [1, 1, 1]],
  [4, 10, [4, 4, 2]],
  [50, 10, [10]],
])("batches of %s of %d nodes", (batch, count, sizes) => {
  const nodes = Array.from({ length: count }, (_, index) => index);
  expect(batches(nodes, rollout.parse({ batch })).map(({ length }) => length)).toEqual(sizes);
});

test("every node is in one batch, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 100 }), (nodes, share) => {
      expect(batches(nodes, { batch: `${share}%` }).flat()).toEqual(nodes);
    }),
  );
});

test.each(["0%", "101%", "25", 0, 1.5, "all"])("%s is no batch", (batch) => {
  expect(rollout.safeParse({ batch }).success).toBe(false);
});

test("releases are compared by number", () => {
  expect([
    isOlder("1.1.1", "1.6.0"),
    isOlder("1.10.0", "1.6.0"),
    isOlder("1.6.0", "1.6.0"),
    isOlder("0.9.9", "1.0.0"),
  ]).toEqual([true, false, false, true]);
});

test.each(["bridge", "calico-hosts", "linen", "openvswitch"])(
  "a reason of %s, whose nodes podnet changes over SSH, promises no order that batches do not keep",
  (network) => {
    const table = readFileSync(join(__dirname, `../../components/${network}/changes.ts`), "utf8");
    expect(table).not.toMatch(/(node after|one after) (node|another)/);
  },
);

test("a preview says that all nodes change at once unless a batch is set", () => {
  const reasons = bridge(
    { crossSegment: 1, segments: { a: { routers: ["192.0.2.1"] } } },
    { crossSegment: 1, segments: { a: { routers: ["192.0.2.2"] } } },
  );
  expect(reasons.map(({ reason }) => reason)).toEqual([
    "routes to other segments take the new router, in batches of rollout.batch, which is all nodes at once unless it is set",
  ]);
});
