import { Cidr } from "../addresses/cidr";
import { Port } from "../calico/policy/port";
import { type KubernetesObject, labelsOf } from "../kubernetes/object";
import type { Allowance, Baseline, Selection } from "./baseline";
import { type Labels, nameLabel } from "./labels";
import { allButMetadata, metadataAddresses } from "./metadata";
import { without } from "./outside";
import { type Part, parts } from "./parts";
import { isRange, type PeerValue } from "./peer";

/** The most that one rule takes of peers and of ranges, and a policy of rules (v1alpha2's own limits). */
export const most = 25;

interface Options {
  tier: "Baseline" | "Admin";
  priority: number;
  /** The cloud's metadata service is denied before anything is opened. */
  denyMetadata: boolean;
}

/**
 * As ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2. Its ingress rules speak of pods alone: what comes from
 * nodes and from outside the cluster they neither open nor close.
 */
export function clusterNetworkPolicies(baseline: Baseline, options: Options): KubernetesObject[] {
  return parts(baseline).map((part) => ({
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    kind: "ClusterNetworkPolicy",
    metadata: { name: part.name, labels: labelsOf("policy-baseline", baseline.name) },
    spec: {
      tier: options.tier,
      // An opening for some pods is looked at before what closes all.
      priority: part.closes ? options.priority : options.priority - 1,
      subject: subject(part),
      ...rules(part, baseline, options),
    },
  }));
}

function subject({ selection, pods }: Part): Record<string, unknown> {
  const namespaces = namespaceSelector(selection);
  return pods ? { pods: { namespaceSelector: namespaces, podSelector: { matchLabels: pods } } } : { namespaces };
}

function namespaceSelector(selection: Selection): Record<string, unknown> {
  if ("labels" in selection) return { matchLabels: selection.labels };
  const [operator, values] = "names" in selection ? ["In", selection.names] : ["NotIn", selection.allBut];
  return values.length === 0 ? {} : { matchExpressions: [{ key: nameLabel, operator, values }] };
}

function rules(part: Part, { closed }: Baseline, { denyMetadata }: Options): Record<string, unknown> {
  return Object.fromEntries(
    closed
      .map((direction) => {
        const end = direction === "ingress" ? "from" : "to";
        const open = part.allowances.filter((one) => one.direction === direction);
        const metadata = direction === "egress" && denyMetadata ? [noMetadata] : [];
        const rest = { name: "everything-else", action: "Deny", [end]: everything(direction) };
        const opened = open.map((one) => rule(one, end));
        if (!part.closes) return [direction, opened] as const;
        // Here a rule can deny: what is closed to nothing else needs no opening to everything else.
        return [
          direction,
          open.some(({ name }) => name === allButMetadata.name) ? metadata : [...metadata, ...opened, rest],
        ] as const;
      })
      .filter(([, list]) => list.length > 0),
  );
}

const noMetadata = { name: "metadata", action: "Deny", to: [{ networks: metadataAddresses }] };

function everything(direction: "ingress" | "egress"): Record<string, unknown>[] {
  return [{ namespaces: {} }, ...(direction === "egress" ? [{ networks: ["0.0.0.0/0", "::/0"] }] : [])];
}

function rule({ name, direction, peers, ports }: Allowance, end: "from" | "to"): Record<string, unknown> {
  return {
    name,
    action: "Accept",
    [end]: peers.length > 0 ? peers.flatMap(peer) : everything(direction),
    ...(ports.length > 0 && { protocols: ports.map(protocol) }),
  };
}

/** There is no "except": a range with holes is the ranges around them. */
export function peer(one: PeerValue): Record<string, unknown>[] {
  if (isRange(one)) {
    const ranges = without(
      Cidr.parse(one.range),
      one.except.map((hole) => Cidr.parse(hole)),
    ).map(String);
    const chunks = Array.from({ length: Math.ceil(ranges.length / most) }, (_, index) =>
      ranges.slice(index * most, (index + 1) * most),
    );
    return chunks.map((networks) => ({ networks }));
  }
  const { namespace, namespaceLabels = {}, pods } = one;
  const found = matching(namespace === undefined ? namespaceLabels : { [nameLabel]: namespace });
  return [pods ? { pods: { namespaceSelector: found, podSelector: matching(pods) } } : { namespaces: found }];
}

const matching = (labels: Labels) => (Object.keys(labels).length > 0 ? { matchLabels: labels } : {});

function protocol(text: string): Record<string, unknown> {
  const { protocol: name, port } = Port.parse(text);
  if (typeof port === "number") return { [name]: { destinationPort: { number: port } } };
  const [start, end] = port.split("-").map(Number);
  return /^\d+-\d+$/.test(port)
    ? { [name]: { destinationPort: { range: { start, end } } } }
    : { destinationNamedPort: port };
}
