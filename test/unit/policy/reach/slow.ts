import type { Protocol } from "../../../../components/policy/reach/traffic";
import type { KubernetesObject, Workload, World } from "../../../../components/policy/reach/world";

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port?: number | string; endPort?: number; protocol?: string }[];
}
interface Spec {
  podSelector: Selector;
  policyTypes?: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/**
 * The stand-in for what is tested: NetworkPolicy read word by word, one packet at a time, with nothing kept and nothing
 * shared with the evaluator.
 */
export function slowly(world: World, from: Workload, to: Workload, protocol: Protocol, port: number): boolean {
  return (["Egress", "Ingress"] as const).every((type) => {
    const [own, other] = type === "Egress" ? [from, to] : [to, from];
    const mine = world.policies.filter((policy) => selectsPod(policy, own) && typesOf(policy).includes(type));
    if (mine.length === 0) return true;
    return mine.some((policy) => {
      const spec = policy.spec as Spec;
      const rules = (type === "Egress" ? spec.egress : spec.ingress) ?? [];
      return rules.some((rule) => {
        const peers = (type === "Egress" ? rule.to : rule.from) ?? [];
        const peer = peers.length === 0 || peers.some((one) => isPeer(world, policy, one, other));
        const list = rule.ports ?? [];
        return peer && (list.length === 0 || list.some((one) => isPort(one, to, protocol, port)));
      });
    });
  });
}

function typesOf({ spec }: KubernetesObject): string[] {
  const { policyTypes, egress } = spec as Spec;
  return policyTypes ?? (egress && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"]);
}

function selectsPod({ metadata, spec }: KubernetesObject, pod: Workload): boolean {
  return metadata.namespace === pod.namespace && holds((spec as Spec).podSelector, pod.labels);
}

function holds(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  for (const key of Object.keys(matchLabels)) if (labels[key] !== matchLabels[key]) return false;
  for (const { key, operator, values = [] } of matchExpressions) {
    const has = key in labels;
    const listed = has && values.includes(labels[key] as string);
    if (operator === "In" && !listed) return false;
    if (operator === "NotIn" && listed) return false;
    if (operator === "Exists" && !has) return false;
    if (operator === "DoesNotExist" && has) return false;
  }
  return true;
}

function isPeer(world: World, policy: KubernetesObject, peer: Peer, pod: Workload): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    const address = pod.addresses[0] as string;
    return inRange(address, cidr) && !except.some((range) => inRange(address, range));
  }
  const labels = world.namespaces.find(({ name }) => name === pod.namespace)?.labels ?? {};
  const space = peer.namespaceSelector
    ? holds(peer.namespaceSelector, labels)
    : pod.namespace === policy.metadata.namespace;
  return space && holds(peer.podSelector ?? {}, pod.labels);
}

function inRange(address: string, range: string): boolean {
  const [base = "", prefix = "32"] = range.split("/");
  const bits = (text: string) =>
    text
      .split(".")
      .map((octet) => Number(octet).toString(2).padStart(8, "0"))
      .join("")
      .slice(0, Number(prefix));
  return bits(address) === bits(base);
}

function isPort(
  { port: wanted, endPort, protocol: spoken = "TCP" }: NonNullable<Rule["ports"]>[number],
  to: Workload,
  protocol: Protocol,
  port: number,
): boolean {
  if (spoken !== protocol) return false;
  if (wanted === undefined) return true;
  if (typeof wanted === "string")
    return to.ports.some((own) => own.name === wanted && own.protocol === protocol && own.port === port);
  return port >= wanted && port <= (endPort ?? wanted);
}
