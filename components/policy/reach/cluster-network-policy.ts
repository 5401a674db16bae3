import { z } from "zod";
import { Cidr } from "../../addresses/cidr";
import { range, within } from "./address-block";
import { labelSelector, selects } from "./labels";
import { anyTraffic, firstOf, namedPort, podsIn } from "./network-policy";
import type { Match, Policy, Rule } from "./rule";
import { bothFamilies, nothing, type Protocol, ports as portsOf, type Traffic, union } from "./traffic";
import { neverWords, type Unevaluated } from "./unevaluated";
import type { KubernetesNode } from "./world";

const portNumber = z.int().min(1).max(65535);

const destinationPort = z
  .strictObject({
    number: portNumber.nullish(),
    range: z
      .strictObject({ start: portNumber, end: portNumber })
      .refine(({ start, end }) => start <= end, { message: "the range ends before it begins" })
      .nullish(),
  })
  .refine(({ number, range }) => (number == null) !== (range == null), { message: "a port is a number or a range" });

const ofProtocol = z.strictObject({ destinationPort: destinationPort.nullish() }).nullish();
const protocol = z
  .strictObject({
    tcp: ofProtocol,
    udp: ofProtocol,
    sctp: ofProtocol,
    destinationNamedPort: z.string().min(1).nullish(),
  })
  .refine((one) => Object.values(one).filter((value) => value != null).length === 1, {
    message: "an entry says one of tcp, udp, sctp and destinationNamedPort",
  });

const podsPeer = z.strictObject({ namespaceSelector: labelSelector.nullish(), podSelector: labelSelector.nullish() });
const inside = { namespaces: labelSelector.nullish(), pods: podsPeer.nullish() };
const exactlyOne = (value: object) => Object.values(value).filter((one) => one != null).length === 1;
const oneKind = { message: "exactly one kind is said here" };

const peer = z
  .strictObject({
    ...inside,
    networks: z.array(range).nullish(),
    nodes: labelSelector.nullish(),
    domainNames: z.array(z.string()).nullish(),
  })
  .refine(exactlyOne, oneKind);
const rule = {
  name: z.string().nullish(),
  action: z.enum(["Accept", "Deny", "Pass"]),
  protocols: z.array(protocol).nullish(),
};

/** The spec of a ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2). */
export const clusterNetworkPolicySpec = z.strictObject({
  tier: z.enum(["Admin", "Baseline"]),
  priority: z.int().min(0).max(1000),
  subject: z.strictObject(inside).refine(exactlyOne, oneKind),
  ingress: z
    .array(z.strictObject({ ...rule, from: z.array(z.strictObject(inside).refine(exactlyOne, oneKind)).min(1) }))
    .max(25)
    .nullish(),
  egress: z
    .array(z.strictObject({ ...rule, to: z.array(peer).min(1) }))
    .max(25)
    .nullish(),
});
type Spec = z.output<typeof clusterNetworkPolicySpec>;
type Peer = z.output<typeof peer>;

const actions = { Accept: "allow", Deny: "deny", Pass: "pass" } as const;

/** @param name "ClusterNetworkPolicy deny-internet" */
export function clusterNetworkPolicy(
  name: string,
  metadata: { name: string },
  spec: Spec,
  nodes: readonly KubernetesNode[],
  unevaluated: Unevaluated,
): Policy {
  const { tier, priority, subject, ingress, egress } = spec;
  const read = (
    direction: string,
    peers: readonly Partial<Peer>[],
    one: NonNullable<Spec["egress"]>[number] | NonNullable<Spec["ingress"]>[number],
    index: number,
  ): Rule => ({
    index,
    name: one.name ?? undefined,
    action: actions[one.action],
    peer: firstOf(peers.map((each) => peerMatch(each, nodes, unevaluated, `${name}, ${direction}[${index}]`))),
    ...traffic(one.protocols),
  });
  return {
    name,
    tier: tier === "Admin" ? "kube-admin" : "kube-baseline",
    order: priority,
    tieBreak: metadata.name,
    selects: pods(subject),
    rules: {
      ...(ingress && { ingress: ingress.map((one, index) => read("ingress", one.from, one, index)) }),
      ...(egress && { egress: egress.map((one, index) => read("egress", one.to, one, index)) }),
    },
  };
}

function pods({ namespaces, pods }: Pick<Partial<Peer>, "namespaces" | "pods">): Match {
  return podsIn(namespaces ?? pods?.namespaceSelector ?? {}, pods?.podSelector ?? {});
}

function peerMatch(
  peer: Partial<Peer>,
  nodes: readonly KubernetesNode[],
  unevaluated: Unevaluated,
  where: string,
): Match {
  if (peer.networks)
    return {
      key: `ip ${peer.networks.join(" ")}`,
      families: within(
        peer.networks.map((net) => Cidr.parse(net)),
        [],
      ),
    };
  if (peer.domainNames) {
    unevaluated.push(
      neverWords(where, `domainNames ${peer.domainNames.join(", ")}`, "names are resolved only where packets go"),
    );
    return { key: "never", families: () => 0 };
  }
  return peer.nodes ? nodesMatch(peer.nodes, nodes) : pods(peer);
}

/** Pods of the host network, and the nodes themselves, are known by the nodes' addresses. */
function nodesMatch(selector: z.output<typeof labelSelector>, nodes: readonly KubernetesNode[]): Match {
  const nets = nodes
    .filter(({ labels }) => selects(selector, labels))
    .flatMap(({ addresses }) =>
      addresses.map((address) => Cidr.around(`${address}/${address.includes(":") ? 128 : 32}`)),
    );
  const found = within(nets, []);
  return {
    key: `nodes ${nets.join(" ")}`,
    families: (endpoint) => (endpoint.addresses.length > 0 ? found(endpoint) & bothFamilies : 0),
  };
}

function traffic(list: z.output<typeof protocol>[] | null | undefined): Pick<Rule, "traffic" | "named"> {
  if (!list || list.length === 0) return { traffic: () => anyTraffic };
  const fixed = union(
    list.map(({ tcp, udp, sctp }) => union([ofPort("TCP", tcp), ofPort("UDP", udp), ofPort("SCTP", sctp)])),
  );
  const names = list.flatMap(({ destinationNamedPort }) =>
    destinationNamedPort == null ? [] : [destinationNamedPort],
  );
  if (names.length === 0) return { traffic: () => fixed };
  return { traffic: (to) => union([fixed, ...names.map((name) => namedPort(to, name))]), named: JSON.stringify(list) };
}

function ofPort(protocol: Protocol, entry: z.output<typeof ofProtocol>): Traffic {
  if (entry == null) return nothing;
  const { number, range } = entry.destinationPort ?? {};
  if (range) return portsOf(protocol, range.start, range.end);
  return number == null ? portsOf(protocol) : portsOf(protocol, number, number);
}
