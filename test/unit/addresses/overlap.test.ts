import fc from "fast-check";
import { expect, test } from "vitest";
import { podMtu } from "../../../components/addresses/mtu";
import { overlaps } from "../../../components/addresses/overlap";
import { network } from "./arbitrary";

test("every pair that meets is named, also when a large range covers several", () => {
  const found = overlaps([
    { name: "podCidr", cidr: "10.0.0.0/8" },
    { name: "serviceCidr", cidr: "10.96.0.0/12" },
    { name: "vpn", cidr: "10.200.0.0/16" },
    { name: "nodes", cidr: "192.168.0.0/24" },
  ]);
  expect(found.map(({ first, second }) => `${first.name} ${second.name}`)).toEqual([
    "podCidr serviceCidr",
    "podCidr vpn",
  ]);
});

test("the parts of one named range may meet", () => {
  expect(
    overlaps([
      { name: "vpn", cidr: "10.0.0.0/8" },
      { name: "vpn", cidr: "10.1.0.0/16" },
    ]),
  ).toEqual([]);
});

test("exactly the pairs that a comparison of each with each finds", () => {
  fc.assert(
    fc.property(fc.array(network(4, { ipv4: 12, ipv6: 12 }), { maxLength: 12 }), (networks) => {
      const ranges = networks.map((cidr, index) => ({ name: String(index), cidr: String(cidr) }));
      const expected = networks.flatMap((left, i) =>
        networks.flatMap((right, j) => (i < j && left.overlaps(right) ? [`${i} ${j}`] : [])),
      );
      const found = overlaps(ranges).map(({ first, second }) =>
        [first.name, second.name].sort((a, b) => Number(a) - Number(b)).join(" "),
      );
      expect(found.sort()).toEqual(expected.sort());
    }),
  );
});

test("VXLAN takes 50 bytes of an IPv4 underlay and 70 of an IPv6 one", () => {
  expect([podMtu(1500), podMtu(1500, { vxlanOver: "ipv4" }), podMtu(9000, { vxlanOver: "ipv6" })]).toEqual([
    1500, 1450, 8930,
  ]);
});
