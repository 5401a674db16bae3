import { Cidr, type Family, IpAddress } from "./cidr";

/** The families of ranges, in their order: of pods' ranges the first is the primary one. */
export function families(cidrs: readonly string[]): Family[] {
  return cidrs.map((text) => Cidr.parse(text).family);
}

/** The first of a node's or router's addresses that is of a family. */
export function addressOf(addresses: readonly string[], family: Family): string | undefined {
  return addresses.find((address) => IpAddress.parse(address).family === family);
}
