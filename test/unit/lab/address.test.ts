import fc from "fast-check";
import { expect, test } from "vitest";
import { addresses, hardwareAddress, lastNodeHost, type SegmentName, slots, subnets } from "../../../lab/address";

const place = fc.record({
  slot: fc.nat({ max: slots - 1 }),
  segment: fc.constantFrom<SegmentName>("a", "b"),
  host: fc.integer({ min: 1, max: lastNodeHost }),
});

const number = (ipv4: string) => ipv4.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);

test("the first node of lab 0 has the addresses that the documentation shows", () => {
  expect(subnets(0, "a")).toEqual({ ipv4: "198.18.0.0/22", ipv6: "fd98:0:a::/64" });
  expect(addresses(0, "a", 11)).toEqual({ ipv4: "198.18.0.11", ipv6: "fd98:0:a::11" });
  expect(addresses(0, "b", 11)).toEqual({ ipv4: "198.18.4.11", ipv6: "fd98:0:b::11" });
  expect(addresses(63, "b", 300)).toEqual({ ipv4: "198.19.253.44", ipv6: "fd98:63:b::300" });
});

test("every address is inside its segment's subnet and inside 198.18.0.0/15", () => {
  fc.assert(
    fc.property(place, ({ slot, segment, host }) => {
      const address = number(addresses(slot, segment, host).ipv4);
      const subnet = number(subnets(slot, segment).ipv4.split("/")[0] ?? "");
      expect(address - subnet).toBe(host);
      expect(Math.floor(address / 2 ** 17)).toBe(Math.floor(number("198.18.0.0") / 2 ** 17));
    }),
  );
});

test("no two places of any two labs share an address", () => {
  fc.assert(
    fc.property(place, place, (one, other) => {
      fc.pre(one.slot !== other.slot || one.segment !== other.segment || one.host !== other.host);
      const [first, second] = [one, other].map(({ slot, segment, host }) => ({
        ...addresses(slot, segment, host),
        mac: hardwareAddress(slot, segment, host, 0),
      }));
      expect(first?.ipv4).not.toBe(second?.ipv4);
      expect(first?.ipv6).not.toBe(second?.ipv6);
      expect(first?.mac).not.toBe(second?.mac);
    }),
  );
});
