import fc from "fast-check";
import { Cidr } from "../../../components/addresses/cidr";

/** Any IPv4 or IPv6 network whose prefix length lies between the two given ones. */
export function network(shortest = 0, longest = { ipv4: 32, ipv6: 128 }) {
  return fc.constantFrom("ipv4" as const, "ipv6" as const).chain((family) =>
    fc
      .tuple(
        fc.bigInt({ min: 0n, max: (1n << (family === "ipv4" ? 32n : 128n)) - 1n }),
        fc.integer({ min: shortest, max: longest[family] }),
      )
      .map(([address, prefix]) => {
        const size = 1n << BigInt((family === "ipv4" ? 32 : 128) - prefix);
        return Cidr.of(family, address - (address % size), prefix);
      }),
  );
}
