import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr, compare, IpAddress, nthAddress, nthSubnet } from "../../../components/addresses/cidr";
import { network } from "./arbitrary";

describe("reading", () => {
  test.each([
    ["10.244.3.1/16", "did you mean 10.244.0.0/16?"],
    ["10.244.0.0", "did you mean 10.244.0.0/16?"],
    ["fd00:10:244::", "did you mean fd00:10:244::/48?"],
    ["10.244.0.0/33", '"10.244.0.0/33" is not an IP address or CIDR'],
    ["10.244.0.256/24", "is not an IP address or CIDR"],
    ["10.244.00.0/24", "is not an IP address or CIDR"],
    ["10.244.0.0/024", "is not an IP address or CIDR"],
    ["pods", '"pods" is not an IP address or CIDR'],
  ])("%s is refused with the way out", (text, message) => {
    expect(() => Cidr.parse(text)).toThrow(message);
  });

  test("an address that carries a prefix length is refused where one address is asked for", () => {
    expect(() => IpAddress.parse("10.0.0.1/24")).toThrow("did you mean 10.0.0.1?");
  });

  test("IPv6 is written the one canonical way", () => {
    expect(String(Cidr.parse("FD00:0010:0244:0000::0/48"))).toBe("fd00:10:244::/48");
  });

  test("every prefix length of IPv4 keeps the bits it should", () => {
    for (let prefix = 0; prefix <= 32; prefix++) {
      const { base, size } = Cidr.around(`255.255.255.255/${prefix}`);
      expect([prefix, base + size]).toEqual([prefix, 1n << 32n]);
    }
  });

  test("what is written can be read again", () => {
    fc.assert(fc.property(network(), (cidr) => void expect(Cidr.parse(String(cidr))).toEqual(cidr)));
  });
});

describe("arithmetic", () => {
  test("the second /24 of a /16, and the first address of it", () => {
    const subnet = Cidr.parse("10.244.0.0/16").subnet(1, 24);
    expect([String(subnet), String(subnet.address(1)), String(subnet.last)]).toEqual([
      "10.244.1.0/24",
      "10.244.1.1",
      "10.244.1.255",
    ]);
  });

  test("there is no subnet and no address beyond the last", () => {
    expect(() => Cidr.parse("10.244.0.0/16").subnet(256, 24)).toThrow("256 subnets of /24; there is no number 256");
    expect(() => Cidr.parse("10.244.0.0/24").address(256)).toThrow("there is no number 256");
    expect(() => nthAddress("255.255.255.255", 1)).toThrow("no such ipv4 address");
    expect(() => nthSubnet("255.255.255.0/24", 1)).toThrow("no such ipv4 address");
  });

  test("a subnet lies in its network and two different ones do not meet", () => {
    fc.assert(
      fc.property(network(0, { ipv4: 24, ipv6: 120 }), fc.nat(255), fc.nat(255), (cidr, a, b) => {
        const [first, second] = [cidr.subnet(a, cidr.prefix + 8), cidr.subnet(b, cidr.prefix + 8)];
        expect(cidr.contains(first)).toBe(true);
        expect(first.overlaps(second)).toBe(a === b);
        expect(Math.sign(compare(first, second))).toBe(Math.sign(a - b));
      }),
    );
  });

  test("networks overlap exactly when one holds an end of the other", () => {
    fc.assert(
      fc.property(network(), network(), (left, right) => {
        const holdsEnd = (one: Cidr, other: Cidr) => one.contains(other.address(0)) || one.contains(other.last);
        expect(left.overlaps(right)).toBe(holdsEnd(left, right) || holdsEnd(right, left));
      }),
    );
  });

  test("families never contain each other", () => {
    expect(Cidr.parse("::/0").contains(Cidr.parse("10.0.0.0/8"))).toBe(false);
    expect(Cidr.around("198.18.0.11/22").contains(IpAddress.parse("198.18.3.254"))).toBe(true);
    expect(Cidr.around("198.18.0.11/22").contains(IpAddress.parse("198.18.4.1"))).toBe(false);
  });
});
