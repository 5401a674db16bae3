import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr, compare } from "../../../components/addresses/cidr";
import { compress, compressAddresses, expand, type Hop, without } from "../../../components/addresses/runs";

const hops: fc.Arbitrary<Hop[]> = fc
  .uniqueArray(fc.tuple(fc.nat(60), fc.option(fc.integer({ min: 1, max: 80 }))), { selector: ([index]) => index })
  .map((pairs) =>
    pairs.map(([index, host]) => ({
      to: String(Cidr.parse("10.244.0.0/16").subnet(index, 24)),
      via: host === null ? "network" : `198.18.0.${host}`,
    })),
  );
const sorted = (list: Hop[]) => [...list].sort((a, b) => compare(Cidr.parse(a.to), Cidr.parse(b.to)));

test("subnets in step with their next hops are one run", () => {
  const run = { to: "10.244.254.0/24", via: "198.18.0.11", count: 3 };
  expect(expand([run])).toEqual([
    { to: "10.244.254.0/24", via: "198.18.0.11" },
    { to: "10.244.255.0/24", via: "198.18.0.12" },
    { to: "10.245.0.0/24", via: "198.18.0.13" },
  ]);
  expect(compress(expand([run]))).toEqual([run]);
});

test("one next hop for many subnets is no run", () => {
  expect(
    compress([
      { to: "10.244.0.0/24", via: "198.18.0.1" },
      { to: "10.244.1.0/24", via: "198.18.0.1" },
    ]),
  ).toHaveLength(2);
});

describe("for any routes", () => {
  test("expand gives back what was compressed", () => {
    fc.assert(fc.property(hops, (list) => void expect(expand(compress(list))).toEqual(sorted(list))));
  });

  test("a subnet taken out of the runs is the only thing missing", () => {
    fc.assert(
      fc.property(hops, fc.nat(60), (list, index) => {
        const gone = String(Cidr.parse("10.244.0.0/16").subnet(index, 24));
        expect(expand(without(compress(list), gone))).toEqual(sorted(list).filter(({ to }) => to !== gone));
      }),
    );
  });
});

test("1,000 nodes in order are one run, also in IPv6", () => {
  const list = Array.from({ length: 1000 }, (_, index) => ({
    to: String(Cidr.parse("fd00:10:244::/48").subnet(index, 64)),
    via: `fd98::${(index + 1).toString(16)}`,
  }));
  expect(compress(list)).toEqual([{ to: "fd00:10:244::/64", via: "fd98::1", count: 1000 }]);
});

test("addresses one after another are one run", () => {
  expect(compressAddresses(["198.18.0.13", "198.18.0.11", "198.18.0.12", "198.18.4.11"])).toEqual([
    { address: "198.18.0.11", count: 3 },
    { address: "198.18.4.11", count: 1 },
  ]);
});
