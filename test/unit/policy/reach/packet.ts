// A second evaluator, as plain as can be, for tests alone: one packet, the objects as written, every rule looked at.
// biome-ignore lint/suspicious/noExplicitAny: objects as written, before anything has read them
type Any = any;

interface Packet {
  from: Any;
  to: Any;
  protocol: "TCP" | "UDP" | "SCTP";
  port: number;
}

const labelsMatch = (selector: Any, labels: Any): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector?.matchExpressions ?? []).every(({ key, operator, values }: Any) => {
    if (operator === "Exists") return key in labels;
    if (operator === "DoesNotExist") return !(key in labels);
    return operator === "In" ? values.includes(labels[key]) : !values.includes(labels[key]);
  });

const asNumber = (ip: string) => ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
function inRange(ip: string, cidr: string): boolean {
  const [base = "", bits] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(asNumber(ip) / size) === Math.floor(asNumber(base) / size);
}

const ipOf = (pod: Any): string => pod.status.podIPs[0].ip;
const isHost = (pod: Any): boolean => pod.spec.hostNetwork === true;
const named = (pod: Any, name: string, protocol: string | undefined): Any[] =>
  pod.spec.containers[0].ports.filter((one: Any) => one.name === name && (protocol ?? one.protocol) === one.protocol);

/** Whether the packet may pass, and which policy's which rule said so ("" where no rule did). */
export function judged(objects: Any[], packet: Packet): { open: boolean; by: string[] } {
  const egress = oneSide(objects, packet, "egress");
  const ingress = oneSide(objects, packet, "ingress");
  return { open: egress.open && ingress.open, by: [egress.by, ingress.by] };
}

function oneSide(objects: Any[], packet: Packet, direction: "egress" | "ingress"): { open: boolean; by: string } {
  const me = direction === "egress" ? packet.from : packet.to;
  const peer = direction === "egress" ? packet.to : packet.from;
  const nsLabels = (pod: Any) => ({
    ...objects.find((one) => one.kind === "Namespace" && one.metadata.name === pod.metadata.namespace)?.metadata.labels,
    "kubernetes.io/metadata.name": pod.metadata.namespace,
  });
  if (isHost(me)) return { open: true, by: "" };

  const podsMatch = (pod: Any, pods: Any) =>
    !isHost(pod) &&
    labelsMatch(pods.namespaceSelector, nsLabels(pod)) &&
    labelsMatch(pods.podSelector, pod.metadata.labels);
  const cluster = (tier: string) => {
    const policies = objects
      .filter((one) => one.kind === "ClusterNetworkPolicy" && one.spec.tier === tier)
      .sort(
        (one, other) => one.spec.priority - other.spec.priority || (one.metadata.name < other.metadata.name ? -1 : 1),
      );
    for (const { metadata, spec } of policies) {
      const { subject } = spec;
      if (!podsMatch(me, subject.pods ?? { namespaceSelector: subject.namespaces })) continue;
      for (const [index, rule] of (spec[direction] ?? []).entries()) {
        const peers = (rule.from ?? rule.to).some((one: Any) =>
          one.networks
            ? one.networks.some((range: string) => inRange(ipOf(peer), range))
            : podsMatch(peer, one.pods ?? { namespaceSelector: one.namespaces }),
        );
        const ports = !rule.protocols || rule.protocols.some((one: Any) => clusterPort(one, packet));
        if (peers && ports) return { action: rule.action, by: `${metadata.name} ${index}` };
      }
    }
    return undefined;
  };

  const admin = cluster("Admin");
  if (admin && admin.action !== "Pass") return { open: admin.action === "Accept", by: admin.by };
  const type = direction === "egress" ? "Egress" : "Ingress";
  const mine = objects
    .filter((one) => one.kind === "NetworkPolicy" && one.metadata.namespace === me.metadata.namespace)
    .filter(({ spec }) => labelsMatch(spec.podSelector, me.metadata.labels))
    .filter(({ spec }) => (spec.policyTypes ?? ["Ingress", ...(spec.egress?.length ? ["Egress"] : [])]).includes(type))
    .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
  for (const { metadata, spec } of mine)
    for (const [index, rule] of (spec[direction] ?? []).entries()) {
      const peers = rule.from ?? rule.to ?? [];
      const isPeer = (one: Any) => {
        if (one.ipBlock)
          return (
            inRange(ipOf(peer), one.ipBlock.cidr) &&
            !(one.ipBlock.except ?? []).some((hole: string) => inRange(ipOf(peer), hole))
          );
        const there = one.namespaceSelector
          ? labelsMatch(one.namespaceSelector, nsLabels(peer))
          : peer.metadata.namespace === metadata.namespace;
        return !isHost(peer) && there && labelsMatch(one.podSelector, peer.metadata.labels);
      };
      const ports = rule.ports ?? [];
      if (
        (peers.length === 0 || peers.some(isPeer)) &&
        (ports.length === 0 || ports.some((one: Any) => plainPort(one, packet)))
      )
        return { open: true, by: `${metadata.name} ${index}` };
    }
  if (mine.length > 0) return { open: false, by: "" };
  const baseline = cluster("Baseline");
  return baseline && baseline.action !== "Pass"
    ? { open: baseline.action === "Accept", by: baseline.by }
    : { open: true, by: "" };
}

function plainPort({ protocol = "TCP", port, endPort }: Any, packet: Packet): boolean {
  if (protocol !== packet.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === "string")
    return named(packet.to, port, protocol).some((one) => one.containerPort === packet.port);
  return port <= packet.port && packet.port <= (endPort ?? port);
}

function clusterPort(written: Any, packet: Packet): boolean {
  if (written.destinationNamedPort)
    return named(packet.to, written.destinationNamedPort, undefined).some(
      (one) => one.containerPort === packet.port && one.protocol === packet.protocol,
    );
  const spoken = written[packet.protocol.toLowerCase()];
  if (!spoken) return false;
  const { number, range } = spoken.destinationPort ?? {};
  if (range) return range.start <= packet.port && packet.port <= range.end;
  return number === undefined || number === packet.port;
}
