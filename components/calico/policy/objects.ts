import { since } from "../version";
import { Port } from "./port";
import type { Peer, Rule } from "./rule";
import type { GlobalPolicy, PolicySettings } from "./settings";

/** A resource of Calico, without the API group: the Kubernetes datastore and calicoctl have one each. */
export interface CalicoResource {
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
}

/**
 * Tiers first, then what policies speak of, then the policies: none is there before what it needs.
 *
 * @param version Calico's release: before v3.30 its definitions have no field for a tier
 */
export function policyResources(settings: PolicySettings, version: string): CalicoResource[] {
  return [
    ...Object.entries(settings.tiers).map(([name, { order, defaultAction }]) => ({
      kind: "Tier",
      metadata: { name },
      spec: { order, defaultAction: capital(defaultAction) },
    })),
    ...Object.entries(settings.networkSets).map(([name, { nets, labels }]) => ({
      kind: "GlobalNetworkSet",
      metadata: { name, labels },
      spec: { nets },
    })),
    ...Object.entries(settings.globalPolicies).map(([name, policy]) => ({
      kind: "GlobalNetworkPolicy",
      // What is stored is named after its tier; calicoctl and the API server put the name together as here.
      metadata: { name: `${policy.tier}.${name}` },
      spec: policySpec(policy, since(version, "3.30.0")),
    })),
    ...Object.entries(settings.hostEndpoints).map(([name, endpoint]) => ({
      kind: "HostEndpoint",
      metadata: { name, labels: endpoint.labels },
      spec: {
        node: endpoint.node,
        ...(endpoint.interfaceName !== undefined && { interfaceName: endpoint.interfaceName }),
        ...list("expectedIPs", endpoint.expectedIps),
        ...list(
          "ports",
          Object.entries(endpoint.ports).map(([port, one]) => ({
            name: port,
            protocol: protocolName(one.protocol),
            port: one.port,
          })),
        ),
        ...list("profiles", endpoint.profiles),
      },
    })),
  ];
}

/** Defaults are written out: only calicoctl and Calico's API server would fill them in, and neither is asked. */
function policySpec(policy: GlobalPolicy, hasTiers: boolean): Record<string, unknown> {
  const { ingress, egress, doNotTrack, preDnat } = policy;
  const forward = policy.applyOnForward ?? (doNotTrack || preDnat);
  return {
    ...(hasTiers && { tier: policy.tier }),
    order: policy.order,
    selector: policy.selector,
    ...optional("namespaceSelector", policy.namespaceSelector),
    ...optional("serviceAccountSelector", policy.serviceAccountSelector),
    types: [...(ingress ? ["Ingress"] : []), ...(egress ? ["Egress"] : [])],
    ...(ingress && { ingress: ingress.flatMap(calicoRules) }),
    ...(egress && { egress: egress.flatMap(calicoRules) }),
    ...(doNotTrack && { doNotTrack }),
    ...(preDnat && { preDNAT: true }),
    ...(forward && { applyOnForward: true }),
  };
}

/** One rule of Calico's speaks of one protocol: a rule with several becomes as many, in the order they were written. */
function calicoRules(rule: Rule): Record<string, unknown>[] {
  const ports = rule.ports.map((text) => Port.parse(text));
  const sources = rule.sourcePorts.map((text) => Port.parse(text));
  const protocols = [
    ...new Set<string | number>([...[...ports, ...sources].map(({ protocol }) => protocol), ...rule.protocols]),
  ];
  return (protocols.length > 0 ? protocols : [undefined]).map((protocol) => {
    const of = (all: readonly Port[]) => all.filter((one) => one.protocol === protocol).map(({ port }) => port);
    const source = { ...entity(rule.from), ...list("ports", of(sources)) };
    const destination = { ...entity(rule.to), ...list("ports", of(ports)) };
    return {
      action: capital(rule.action),
      ...(rule.note && { metadata: { annotations: { note: rule.note } } }),
      ...(rule.family && { ipVersion: rule.family === "ipv4" ? 4 : 6 }),
      ...(protocol !== undefined && { protocol: protocolName(protocol) }),
      ...(rule.icmp && { icmp: rule.icmp }),
      ...(Object.keys(source).length > 0 && { source }),
      ...(Object.keys(destination).length > 0 && { destination }),
    };
  });
}

function entity(peer: Peer | undefined): Record<string, unknown> {
  if (peer === undefined) return {};
  const { serviceAccounts, service } = peer;
  return {
    ...list("nets", peer.nets),
    ...list("notNets", peer.notNets),
    ...optional("selector", peer.selector),
    ...optional("notSelector", peer.notSelector),
    ...optional("namespaceSelector", peer.namespaceSelector),
    ...(serviceAccounts && {
      serviceAccounts: {
        ...list("names", serviceAccounts.names),
        ...optional("selector", serviceAccounts.selector),
      },
    }),
    ...(service && { services: { name: service.name, ...optional("namespace", service.namespace) } }),
  };
}

function list(name: string, values: readonly unknown[]): Record<string, unknown> {
  return values.length > 0 ? { [name]: values } : {};
}

function optional(name: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [name]: value };
}

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Calico's spelling: TCP, ICMPv6, UDPLite, or a number. */
function protocolName(protocol: string | number): string | number {
  const special: Record<string, string> = { icmpv6: "ICMPv6", udplite: "UDPLite" };
  return typeof protocol === "number" ? protocol : (special[protocol] ?? protocol.toUpperCase());
}
