import type { z } from "zod";
import type { CalicoProtocol, calicoRule } from "./calico-schema";
import type { Endpoint } from "./endpoint";
import { anyTraffic, namedPort } from "./network-policy";
import type { Rule } from "./rule";
import {
  difference,
  everything,
  intersection,
  ipv4,
  ipv6,
  type Protocol,
  ports as portsOf,
  protocolNumber,
  type Traffic,
  union,
} from "./traffic";

type CalicoRule = z.output<typeof calicoRule>;

/** Which packets a rule of Calico's is about: protocol, destination ports, ICMP message, family. */
export function calicoTraffic(rule: CalicoRule): Pick<Rule, "traffic" | "named"> {
  const { protocol, notProtocol, ipVersion, icmp, notICMP } = rule;
  const { ports = [], notPorts = [] } = rule.destination ?? {};
  let base = protocol === undefined ? anyTraffic : protocolTraffic(protocol);
  if (notProtocol !== undefined) base = difference(base, protocolTraffic(notProtocol));
  if (icmp) base = intersection(base, messages(icmp));
  if (notICMP) base = difference(base, messages(notICMP));
  if (ipVersion) base = intersection(base, everything(ipVersion === 4 ? ipv4 : ipv6));
  const named = [...ports, ...notPorts].some((port) => span(port) === undefined);
  const narrowed = (destination?: Endpoint) => {
    const meant = ports.length > 0 ? intersection(base, portTraffic(ports, protocol, destination)) : base;
    return notPorts.length > 0 ? difference(meant, portTraffic(notPorts, protocol, destination)) : meant;
  };
  if (named) return { traffic: narrowed, named: JSON.stringify([rule, "calico"]) };
  const fixed = narrowed();
  return { traffic: () => fixed };
}

function protocolTraffic(protocol: CalicoProtocol): Traffic {
  return typeof protocol === "number" ? protocolNumber(protocol) : portsOf(protocol as Protocol);
}

function messages({ type, code }: { type?: number | undefined; code?: number | undefined }): Traffic {
  const first = (type ?? 0) * 256 + (type === undefined ? 0 : (code ?? 0));
  const last = type === undefined ? 65535 : code === undefined ? first + 255 : first;
  return union([portsOf("ICMP", first, last), portsOf("ICMPv6", first, last)]);
}

type Port = number | string;
const withPorts = ["TCP", "UDP", "SCTP"] as const;

function span(port: Port): [number, number] | undefined {
  const [first, last] = String(port).split(":").map(Number);
  return Number.isInteger(first) ? [first as number, last ?? (first as number)] : undefined;
}

function portTraffic(ports: readonly Port[], protocol: CalicoProtocol | undefined, destination?: Endpoint): Traffic {
  const numbers: Record<number, Protocol> = { 6: "TCP", 17: "UDP", 132: "SCTP" };
  const only = typeof protocol === "number" ? numbers[protocol] : (protocol as Protocol | undefined);
  return union(
    ports.flatMap((port) => {
      const range = span(port);
      if (range) return (only ? [only] : withPorts).map((one) => portsOf(one, ...range));
      return destination ? [namedPort(destination, String(port), only)] : [];
    }),
  );
}
