import { Address4, Address6 } from "ip-address";

export type Family = "ipv4" | "ipv6";

/** A CIDR or an address that cannot be read, with what was probably meant. */
export class AddressError extends Error {}

const bits = { ipv4: 32, ipv6: 128 } as const;

interface Read {
  family: Family;
  value: bigint;
  /** As written; undefined where none is. */
  prefix: number | undefined;
}

/** What nearly all texts are. A cluster of 500 nodes reads millions, and the library takes 10 times as long for one. */
const plainIpv4 =
  /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?:\/(0|[12]\d?|3[0-2]?|[4-9]))?$/;

function read(text: string): Read {
  const plain = plainIpv4.exec(text);
  const octets = plain?.slice(1, 5).map(Number) ?? [];
  if (plain && octets.every((octet) => octet <= 255)) {
    const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    return { family: "ipv4", value: BigInt(value), prefix: plain[5] === undefined ? undefined : Number(plain[5]) };
  }
  try {
    const address = text.includes(":") ? new Address6(text) : new Address4(text);
    const prefix = text.includes("/") ? address.subnetMask : undefined;
    return { family: address instanceof Address4 ? "ipv4" : "ipv6", value: address.bigInt(), prefix };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    throw new AddressError(`"${text}" is not an IP address or CIDR: ${reason}`);
  }
}

function format(family: Family, value: bigint): string {
  if (family === "ipv6") return Address6.fromBigInt(value).correctForm();
  const number = Number(value);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** One IPv4 or IPv6 address. */
export class IpAddress {
  private constructor(
    readonly family: Family,
    readonly value: bigint,
  ) {}

  /** Reads "10.0.0.1" or "fd00::1". */
  static parse(text: string): IpAddress {
    const { family, value, prefix } = read(text);
    if (prefix !== undefined)
      throw new AddressError(
        `"${text}" is a CIDR where one address is asked for; did you mean ${format(family, value)}?`,
      );
    return IpAddress.of(family, value);
  }

  static of(family: Family, value: bigint): IpAddress {
    if (value < 0n || value >> BigInt(bits[family]))
      throw new AddressError(`there is no such ${family} address: ${value}`);
    return new IpAddress(family, value);
  }

  /** The address `count` further on. */
  plus(count: number | bigint): IpAddress {
    return IpAddress.of(this.family, this.value + BigInt(count));
  }

  /** Canonical text (RFC 5952 for IPv6). */
  toString(): string {
    return format(this.family, this.value);
  }
}

/** A network: all addresses that share a prefix. */
export class Cidr {
  private constructor(
    readonly family: Family,
    /** The network address. */
    readonly base: bigint,
    readonly prefix: number,
  ) {}

  /** Reads "10.244.0.0/16"; an address inside a network, or one without a prefix, is refused with the likely meaning. */
  static parse(text: string): Cidr {
    const cidr = Cidr.around(text);
    if (read(text).value !== cidr.base)
      throw new AddressError(`"${text}" is an address inside ${cidr}; did you mean ${cidr}?`);
    return cidr;
  }

  /** The network that an address with a prefix ("10.244.3.1/24") is in. */
  static around(text: string): Cidr {
    const { family, value, prefix } = read(text);
    if (prefix === undefined) {
      const likely = likelyPrefix(family, value);
      throw new AddressError(`"${text}" has no prefix length; did you mean ${format(family, value)}/${likely}?`);
    }
    const hostBits = BigInt(bits[family] - prefix);
    return Cidr.of(family, (value >> hostBits) << hostBits, prefix);
  }

  static of(family: Family, base: bigint, prefix: number): Cidr {
    if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits[family])
      throw new AddressError(`a prefix length of ${family} is 0 to ${bits[family]}, not ${prefix}`);
    return new Cidr(family, base, prefix);
  }

  /** The network of one address: /32 or /128. */
  static host(address: IpAddress): Cidr {
    return new Cidr(address.family, address.value, bits[address.family]);
  }

  /** How many addresses. */
  get size(): bigint {
    return 1n << BigInt(bits[this.family] - this.prefix);
  }

  get last(): IpAddress {
    return IpAddress.of(this.family, this.base + this.size - 1n);
  }

  contains(other: Cidr | IpAddress): boolean {
    if (other.family !== this.family) return false;
    const [first, size] = other instanceof Cidr ? [other.base, other.size] : [other.value, 1n];
    return first >= this.base && first + size <= this.base + this.size;
  }

  overlaps(other: Cidr): boolean {
    return this.contains(other) || other.contains(this);
  }

  /** How many subnets of this prefix length fit. */
  subnets(prefix: number): bigint {
    return prefix < this.prefix ? 0n : 1n << BigInt(prefix - this.prefix);
  }

  /** The n-th subnet of a prefix length, counted from 0. */
  subnet(index: number | bigint, prefix: number): Cidr {
    const subnet = Cidr.of(this.family, 0n, prefix);
    if (BigInt(index) < 0n || BigInt(index) >= this.subnets(prefix))
      throw new AddressError(`${this} has ${this.subnets(prefix)} subnets of /${prefix}; there is no number ${index}`);
    return Cidr.of(this.family, this.base + BigInt(index) * subnet.size, prefix);
  }

  /** The n-th address, counted from 0, which is the network address. */
  address(index: number | bigint): IpAddress {
    if (BigInt(index) < 0n || BigInt(index) >= this.size)
      throw new AddressError(`${this} has ${this.size} addresses; there is no number ${index}`);
    return IpAddress.of(this.family, this.base + BigInt(index));
  }

  /** Canonical text: "10.244.0.0/16". */
  toString(): string {
    return `${format(this.family, this.base)}/${this.prefix}`;
  }
}

/** Orders networks or addresses: IPv4 first, then by address, then the larger network first. */
export function compare(left: Cidr | IpAddress, right: Cidr | IpAddress): number {
  if (left.family !== right.family) return left.family === "ipv4" ? -1 : 1;
  const [a, b] = [left, right].map((one) => (one instanceof Cidr ? one.base : one.value)) as [bigint, bigint];
  if (a !== b) return a < b ? -1 : 1;
  return left instanceof Cidr && right instanceof Cidr ? left.prefix - right.prefix : 0;
}

/** The shortest prefix, on a boundary people write (8, 16, 24, 32 / 16 … 64, 128), that leaves no bit set behind it. */
function likelyPrefix(family: Family, value: bigint): number {
  const usual = family === "ipv4" ? [8, 16, 24, 32] : [16, 32, 48, 56, 64, 128];
  return usual.find((prefix) => value % (1n << BigInt(bits[family] - prefix)) === 0n) ?? bits[family];
}

/** Whether a text is one address, and not a name. */
export function isIpAddress(text: string): boolean {
  return !text.includes("/") && (Address4.isValid(text) || Address6.isValid(text));
}

/** The address `count` after another, as text. */
export function nthAddress(address: string, count: number): string {
  return String(IpAddress.parse(address).plus(count));
}

/** The subnet `count` after another of the same size, as text. */
export function nthSubnet(subnet: string, count: number): string {
  return String(nth(Cidr.parse(subnet), count));
}

/** `count` addresses from one on, as text. */
export function addressesFrom(address: string, count: number): string[] {
  const first = IpAddress.parse(address);
  return Array.from({ length: count }, (_, index) => String(first.plus(index)));
}

/** `count` subnets of one size from one on, as text. */
export function subnetsFrom(subnet: string, count: number): string[] {
  const first = Cidr.parse(subnet);
  return Array.from({ length: count }, (_, index) => String(nth(first, index)));
}

function nth({ family, base, size, prefix }: Cidr, count: number): Cidr {
  return Cidr.of(family, IpAddress.of(family, base + BigInt(count) * size).value, prefix);
}
