import { readable, ValueError } from "./value-error";

const withPorts = ["tcp", "udp", "sctp"] as const;
export type PortProtocol = (typeof withPorts)[number];

/** The services that people write by name, to propose a port (IANA's registry). */
const wellKnown: Record<string, string> = {
  ssh: "tcp/22",
  dns: "udp/53",
  http: "tcp/80",
  https: "tcp/443",
  bgp: "tcp/179",
};

/**
 * A port of a protocol, a range of them, or a port that pods name: "tcp/443", "udp/8000-8100", "tcp/metrics".
 *
 * @example
 * Port.tcp(443)
 * Port.udpRange(8000, 8100)
 */
export class Port {
  private constructor(
    readonly protocol: PortProtocol,
    /** A number, "first-last", or the name of a container's port. */
    readonly port: number | string,
  ) {}

  static tcp(port: number | string): Port {
    return Port.parse(`tcp/${port}`);
  }

  static udp(port: number | string): Port {
    return Port.parse(`udp/${port}`);
  }

  static sctp(port: number | string): Port {
    return Port.parse(`sctp/${port}`);
  }

  static tcpRange(first: number, last: number): Port {
    return Port.parse(`tcp/${first}-${last}`);
  }

  static udpRange(first: number, last: number): Port {
    return Port.parse(`udp/${first}-${last}`);
  }

  /** Reads "tcp/443"; another order or a protocol left out is refused with the likely meaning. */
  static parse(text: string): Port {
    const [protocol, port, ...rest] = text.toLowerCase().split("/");
    if (port === undefined || rest.length > 0 || !isProtocol(protocol)) throw new ValueError(unreadable(text));
    if (!/^\d+(-\d+)?$/.test(port)) return new Port(protocol, named(text, port));
    const [first, last] = port.split("-").map(Number) as [number, number?];
    for (const number of [first, last ?? first])
      if (number < 1 || number > 65535)
        throw new ValueError(`"${text}" has the port ${number}, and ports are 1 to 65535`);
    if (last !== undefined && last < first)
      throw new ValueError(`"${text}" ends before it begins; did you mean ${protocol}/${last}-${first}?`);
    return new Port(protocol, last === undefined || last === first ? first : `${first}-${last}`);
  }

  /** Whether this port, or a part of this range, is that one. Named ports are known only to pods. */
  includes(other: Port): boolean {
    const [own, theirs] = [this.span, other.span];
    return this.protocol === other.protocol && own !== undefined && theirs !== undefined
      ? own[0] <= theirs[0] && theirs[1] <= own[1]
      : String(this) === String(other);
  }

  private get span(): [number, number] | undefined {
    if (typeof this.port === "number") return [this.port, this.port];
    const [first, last] = this.port.split("-").map(Number);
    return Number.isInteger(first) && Number.isInteger(last) ? [first as number, last as number] : undefined;
  }

  toString(): string {
    return `${this.protocol}/${this.port}`;
  }
}

function isProtocol(text: string | undefined): text is PortProtocol {
  return withPorts.includes(text as PortProtocol);
}

function unreadable(text: string): string {
  const [left, right] = text.toLowerCase().split(/[/: ]+/);
  const known = wellKnown[left ?? ""];
  const likely =
    right === undefined
      ? (known ?? (/^[\w-]+$/.test(text) ? `tcp/${left}` : undefined))
      : isProtocol(right)
        ? `${right}/${left}`
        : isProtocol(left)
          ? `${left}/${right}`
          : undefined;
  return `"${text}" is not a port with its protocol, as in tcp/443${likely ? `; did you mean ${likely}?` : ""}`;
}

/** A container's port name (RFC 6335, as Kubernetes takes it). */
function named(text: string, name: string): string {
  if (/^[a-z0-9-]{1,15}$/.test(name) && /[a-z]/.test(name) && !/^-|-$|--/.test(name)) return name;
  throw new ValueError(
    `"${text}" names a port that no pod can have: 1 to 15 lower-case letters, digits and dashes, with a letter`,
  );
}

/** A port as it may be written in settings. */
export const port = readable(Port);
