import { Port } from "../calico/policy/port";
import { type KubernetesObject, labelsOf } from "../kubernetes/object";
import { type Allowance, type Baseline, isGeneral } from "./baseline";
import { nameLabel } from "./labels";
import { isRange, type PeerValue } from "./peer";

/** Which opening each rule of a policy comes from, in their order: "ingress: monitoring; egress: dns, api-server". */
const rulesAnnotation = "podnet.dev/openings";

/**
 * One policy a namespace closes it and holds the openings for all of its pods, so that both come in one moment. Openings
 * for some pods have policies of their own, which a NetworkPolicy's one podSelector asks for.
 */
export function networkPolicies(baseline: Baseline): KubernetesObject[] {
  const { name, closed, allowances } = baseline;
  const general = allowances.filter(isGeneral);
  return (baseline.names ?? []).flatMap((namespace) => {
    const here = allowances.filter((one) => !isGeneral(one) && (one.namespace ?? namespace) === namespace);
    const groups = Map.groupBy(here, (one) => JSON.stringify([one.name, one.direction, one.pods]));
    return [
      policy(baseline, namespace, name, closed, general),
      ...[...groups.values()].map((group, index, all) => {
        const [{ name: opening, direction }] = group as [Allowance];
        const same = all.slice(0, index).filter(([one]) => one?.name === opening).length;
        const own = `${name}-${opening}${same > 0 ? `-${same + 1}` : ""}`;
        return policy(baseline, namespace, own, [direction], group);
      }),
    ];
  });
}

function policy(
  baseline: Baseline,
  namespace: string,
  name: string,
  types: readonly ("ingress" | "egress")[],
  open: readonly Allowance[],
): KubernetesObject {
  const pods = open[0]?.pods;
  const of = (direction: "ingress" | "egress") => open.filter((one) => one.direction === direction);
  const rules = types.map((type) => ({ type, list: of(type) })).filter(({ list }) => list.length > 0);
  const said = rules.map(({ type, list }) => `${type}: ${list.map((one) => one.name).join(", ")}`).join("; ");
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name,
      namespace,
      labels: labelsOf("policy-baseline", baseline.name),
      ...(said && { annotations: { [rulesAnnotation]: said } }),
    },
    spec: {
      podSelector: pods ? { matchLabels: pods } : {},
      policyTypes: types.map((type) => (type === "ingress" ? "Ingress" : "Egress")),
      ...Object.fromEntries(rules.map(({ type, list }) => [type, list.map(rule)])),
    },
  };
}

function rule({ direction, peers, ports }: Allowance): Record<string, unknown> {
  return {
    ...(peers.length > 0 && { [direction === "ingress" ? "from" : "to"]: peers.map(peer) }),
    ...(ports.length > 0 && { ports: ports.map(portOf) }),
  };
}

function peer(one: PeerValue): Record<string, unknown> {
  if (isRange(one)) {
    const { range, except } = one;
    return { ipBlock: { cidr: range, ...(except.length > 0 && { except }) } };
  }
  const { namespace, namespaceLabels, pods } = one;
  const found = namespace === undefined ? namespaceLabels : { [nameLabel]: namespace };
  const matching = (labels: Record<string, string>) => (Object.keys(labels).length > 0 ? { matchLabels: labels } : {});
  return {
    ...(found && { namespaceSelector: matching(found) }),
    ...(pods ? { podSelector: matching(pods) } : found ? {} : { podSelector: {} }),
  };
}

function portOf(text: string): Record<string, unknown> {
  const { protocol, port } = Port.parse(text);
  const [first, last] = /^\d+-\d+$/.test(String(port)) ? String(port).split("-").map(Number) : [port];
  return { protocol: protocol.toUpperCase(), port: first, ...(last !== undefined && { endPort: last }) };
}
