import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr } from "../../../components/addresses/cidr";
import { allocate, type Pool } from "../../../components/addresses/plan";

const dual: Pool[] = [
  { cidr: "10.244.0.0/20", nodePrefix: 24 },
  { cidr: "fd00:10:244::/60", nodePrefix: 64 },
];
const nodeSet = fc.uniqueArray(
  fc.nat(40).map((number) => `node${number}`),
  { maxLength: 16 },
);

test("newcomers take the lowest free subnets in the order given", () => {
  expect(allocate(undefined, { pools: dual, nodes: ["b", "a"] })).toEqual({
    b: ["10.244.0.0/24", "fd00:10:244::/64"],
    a: ["10.244.1.0/24", "fd00:10:244:1::/64"],
  });
});

test("a node that leaves frees its subnet for the next newcomer and moves nobody", () => {
  const before = allocate(undefined, { pools: dual, nodes: ["a", "b", "c"] });
  const after = allocate(before, { pools: dual, nodes: ["a", "c", "d"] });
  expect(after).toEqual({ a: before.a, c: before.c, d: before.b });
});

test("a second address family is added beside what nodes have", () => {
  const before = allocate(undefined, { pools: dual.slice(0, 1), nodes: ["a", "b"] });
  expect(allocate(before, { pools: dual, nodes: ["b", "a"] })).toEqual({
    b: ["10.244.1.0/24", "fd00:10:244::/64"],
    a: ["10.244.0.0/24", "fd00:10:244:1::/64"],
  });
});

test("a pool grown to a range that contains it keeps every subnet", () => {
  const before = allocate(undefined, { pools: [{ cidr: "10.244.4.0/22", nodePrefix: 24 }], nodes: ["a"] });
  const after = allocate(before, { pools: [{ cidr: "10.244.0.0/16", nodePrefix: 24 }], nodes: ["a", "b"] });
  expect(after).toEqual({ a: ["10.244.4.0/24"], b: ["10.244.0.0/24"] });
});

describe("whatever nodes come and go", () => {
  test("an allocation never moves, nodes never share, and every subnet lies in its pool", () => {
    fc.assert(
      fc.property(fc.array(nodeSet, { maxLength: 6 }), (generations) => {
        let previous: Record<string, string[]> | undefined;
        for (const nodes of generations) {
          const next = allocate(previous, { pools: dual, nodes });
          expect(Object.keys(next).sort()).toEqual([...nodes].sort());
          for (const node of nodes) if (previous?.[node]) expect(next[node]).toEqual(previous[node]);
          const all = Object.values(next).flat();
          expect(new Set(all).size).toBe(all.length);
          for (const subnets of Object.values(next))
            subnets.forEach((subnet, index) => {
              expect(Cidr.parse(dual[index]?.cidr ?? "").contains(Cidr.parse(subnet))).toBe(true);
              expect(Cidr.parse(subnet).prefix).toBe(dual[index]?.nodePrefix);
            });
          previous = next;
        }
      }),
    );
  });
});

describe("no plan", () => {
  test("every reason at once: pool exhausted, pools overlapping, node listed twice", () => {
    const pools = [
      { cidr: "10.244.0.0/23", nodePrefix: 24 },
      { cidr: "10.244.1.0/24", nodePrefix: 26 },
    ];
    const attempt = () => allocate(undefined, { pools, nodes: ["a", "b", "c", "c"] });
    expect(attempt).toThrow("pool 1 (10.244.0.0/23) overlaps pool 2 (10.244.1.0/24)");
    expect(attempt).toThrow("c is listed twice");
    expect(attempt).toThrow("3 nodes need 3 subnets of /24, and 10.244.0.0/23 has 2");
    expect(attempt).toThrow("take a range of /22 or larger that contains 10.244.0.0/23 or nodePrefix 25");
  });

  test("a subnet that is in use and in no pool any more", () => {
    const attempt = () =>
      allocate({ a: ["10.1.0.0/24"] }, { pools: [{ cidr: "10.244.0.0/16", nodePrefix: 24 }], nodes: ["a"] });
    expect(attempt).toThrow("a has the pod subnet 10.1.0.0/24, which is no /24 of 10.244.0.0/16");
  });

  test("a pool too small to hold even one subnet", () => {
    const attempt = () => allocate(undefined, { pools: [{ cidr: "10.244.0.0/25", nodePrefix: 24 }], nodes: ["a"] });
    expect(attempt).toThrow("1 nodes need 1 subnets of /24, and 10.244.0.0/25 has 0");
  });
});

test("a plan for 5,000 nodes takes less than a second of a processor", () => {
  const nodes = Array.from({ length: 5000 }, (_, index) => `node${index}`);
  const pools = [{ cidr: "10.0.0.0/8", nodePrefix: 24 }];
  const before = process.cpuUsage();
  const plan = allocate(undefined, { pools, nodes });
  allocate(plan, { pools, nodes: [...nodes, "one-more"] });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1000);
});
