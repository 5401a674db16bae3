import { IpAddress, isIpAddress } from "../../addresses/cidr";
import { type Decider, deciderWords } from "./decider";
import type { Endpoint } from "./endpoint";
import { endpointName } from "./group";
import type { Connection, Reachability } from "./reachability";
import { bothFamilies, type Families, intersection, ports, type Traffic } from "./traffic";
import { trafficWords } from "./traffic-words";

/** A part of what one workload could say to another, in words. */
export interface Answer {
  traffic: string;
  allowed: boolean;
  /** What decided where it leaves. */
  egress: string;
  /** What decided where it arrives. */
  ingress: string;
}

/** The words for a port that is asked for: "443", "udp/53", "metrics" where the destination names one. */
export function portAsked(text: string, destination: Endpoint): Traffic | undefined {
  const [left = "", right] = text.split("/");
  const [protocol, port] = right === undefined ? ["TCP", left] : [left.toUpperCase(), right];
  if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP") return undefined;
  const number = /^\d+$/.test(port)
    ? Number(port)
    : destination.ports.find((one) => one.name === port && (right === undefined || one.protocol === protocol))?.port;
  return number === undefined || number < 1 || number > 65535 ? undefined : ports(protocol, number, number);
}

/** Why one workload reaches another or not, allowed parts first. */
export function why(reach: Reachability, from: number, to: number, asked?: Traffic): Answer[] {
  const local = always(reach, from, to);
  const found = local ? [local] : reach.connections(from, to);
  return found
    .map((connection) => ({
      ...connection,
      traffic: asked ? intersection(connection.traffic, asked) : connection.traffic,
    }))
    .filter(({ traffic }) => traffic.length > 0)
    .sort((left, right) => Number(right.allow) - Number(left.allow))
    .map((connection) => answer(connection, reach.families(from, to)));
}

/** A pod always reaches itself, and a node its own pods, whatever policies say. */
function always(reach: Reachability, from: number, to: number): Connection | undefined {
  const [source, destination] = [reach.endpoints[from] as Endpoint, reach.endpoints[to] as Endpoint];
  const nodes = new Set([...source.pods, ...destination.pods].map(({ node }) => node));
  const sameNode = source.hostNetwork && nodes.size === 1 && !nodes.has(undefined);
  const because =
    from === to && source.pods.length === 1 && source.name.startsWith("Pod/")
      ? "a pod always reaches itself"
      : sameNode
        ? "a node always reaches its own pods"
        : undefined;
  if (because === undefined) return undefined;
  const decider = (direction: Decider["direction"]): Decider => ({ direction, allow: true, because });
  const traffic = reach.connections(from, to).flatMap((connection) => connection.traffic);
  traffic.sort(([left], [right]) => left - right);
  return { traffic, allow: true, egress: decider("egress"), ingress: decider("ingress") };
}

function answer({ traffic, allow, egress, ingress }: Connection, families: Families): Answer {
  return {
    traffic: trafficWords(traffic, families || bothFamilies),
    allowed: allow,
    egress: `${egress.allow ? "allowed" : "denied"}: ${deciderWords(egress)}`,
    ingress: `${ingress.allow ? "allowed" : "denied"}: ${deciderWords(ingress)}`,
  };
}

/**
 * Endpoints that a person may mean by "shop/web", "shop/Deployment/web", a pod's name, or an address. Most exact first;
 * several where more than one is called so.
 */
export function endpointsCalled(text: string, { endpoints }: Reachability): number[] {
  const found = (test: (endpoint: Endpoint) => boolean) =>
    endpoints.flatMap((endpoint, index) => (test(endpoint) ? [index] : []));
  const [first = "", ...rest] = text.split("/");
  const name = rest.join("/");
  const inNamespace = ({ namespace }: Endpoint) => namespace?.name === first;
  const tries = [
    found((endpoint) => inNamespace(endpoint) && endpointName(endpoint, endpoints) === name),
    found((endpoint) => inNamespace(endpoint) && endpoint.name === name),
    found((endpoint) => inNamespace(endpoint) && endpoint.pods.some((pod) => pod.name === name)),
    found((endpoint) => inNamespace(endpoint) && endpoint.name.split("/")[1] === name),
    found(({ pods }) => pods.some(({ addresses }) => addresses.includes(text))),
    found(({ range, name }) => range !== undefined && (name === text || String(range) === text)),
    outsideAround(text, endpoints),
  ];
  return tries.find((indices) => indices.length > 0) ?? [];
}

/** The part of the outside that an address is in: the narrowest range around it. */
export function outsideAround(text: string, endpoints: readonly Endpoint[]): number[] {
  if (!isIpAddress(text)) return [];
  const address = IpAddress.parse(text);
  const around = endpoints
    .map(({ range }, index) => ({ range, index }))
    .filter(({ range }) => range?.contains(address))
    .sort((left, right) => (right.range?.prefix ?? 0) - (left.range?.prefix ?? 0));
  return around.slice(0, 1).map(({ index }) => index);
}
