import { z } from "zod";
import { Cidr } from "../../addresses/cidr";
import { range, within } from "./address-block";
import { type Endpoint, isPod } from "./endpoint";
import { labelSelector, selects } from "./labels";
import type { Direction, Match, Policy, Rule } from "./rule";
import { bothFamilies, nothing, type Protocol, ports as portsOf, protocols, type Traffic, union } from "./traffic";

const portNumber = z.int().min(1).max(65535);

const port = z
  .strictObject({
    protocol: z.enum(["TCP", "UDP", "SCTP"]).nullish(),
    port: z.union([portNumber, z.string().min(1)]).nullish(),
    endPort: portNumber.nullish(),
  })
  .refine(({ port, endPort }) => endPort == null || (typeof port === "number" && port <= endPort), {
    message: "endPort asks for a port that is a number and not greater",
  });

const ipBlock = z.strictObject({ cidr: range, except: z.array(range).nullish() }).superRefine((block, context) => {
  for (const net of block.except ?? [])
    if (!Cidr.parse(block.cidr).contains(Cidr.parse(net)))
      context.addIssue({ code: "custom", message: `the exception ${net} is not inside ${block.cidr}` });
});

const peer = z
  .strictObject({
    podSelector: labelSelector.nullish(),
    namespaceSelector: labelSelector.nullish(),
    ipBlock: ipBlock.nullish(),
  })
  .refine(({ podSelector, namespaceSelector, ipBlock }) => (podSelector ?? namespaceSelector ?? ipBlock) != null, {
    message: "a peer says podSelector, namespaceSelector or ipBlock",
  })
  .refine(
    ({ podSelector, namespaceSelector, ipBlock }) => ipBlock == null || (podSelector ?? namespaceSelector) == null,
    {
      message: "ipBlock cannot be joined with selectors; make two peers",
    },
  );

/** The spec of a NetworkPolicy (networking.k8s.io/v1). */
export const networkPolicySpec = z.strictObject({
  podSelector: labelSelector.nullish(),
  policyTypes: z.array(z.enum(["Ingress", "Egress"])).nullish(),
  ingress: z.array(z.strictObject({ from: z.array(peer).nullish(), ports: z.array(port).nullish() })).nullish(),
  egress: z.array(z.strictObject({ to: z.array(peer).nullish(), ports: z.array(port).nullish() })).nullish(),
});
type Spec = z.output<typeof networkPolicySpec>;
type Peer = z.output<typeof peer>;
type Port = z.output<typeof port>;

/** @param name "NetworkPolicy shop/deny-all" */
export function networkPolicy(name: string, metadata: { name: string; namespace: string }, spec: Spec): Policy {
  const selector = spec.podSelector ?? {};
  // The API server fills in an empty list as it does one that is left out.
  const types = spec.policyTypes?.length ? spec.policyTypes : ["Ingress", ...(spec.egress?.length ? ["Egress"] : [])];
  const { namespace } = metadata;
  const ingress = (spec.ingress ?? []).map(({ from, ports }, index) => rule(namespace, index, from, ports));
  const egress = (spec.egress ?? []).map(({ to, ports }, index) => rule(namespace, index, to, ports));
  return {
    name,
    // Calico puts them at order 1000 of its tier "default", under this name; without Calico they are alone there.
    tier: "default",
    order: 1000,
    tieBreak: `knp.default.${metadata.name}`,
    selects: podsOf(namespace, selector),
    rules: {
      ...(types.includes("Ingress") && { ingress }),
      ...(types.includes("Egress") && { egress }),
    } satisfies Partial<Record<Direction, Rule[]>>,
  };
}

function rule(
  namespace: string,
  index: number,
  peers: Peer[] | null | undefined,
  ports: Port[] | null | undefined,
): Rule {
  return { index, action: "allow", peer: anyOf(peers, namespace), ...portsMatch(ports) };
}

function anyOf(peers: Peer[] | null | undefined, namespace: string): Match {
  if (!peers || peers.length === 0) return anywhere;
  const matches = peers.map((one) => peerMatch(one, namespace));
  const [only] = matches;
  if (only && matches.length === 1) return only;
  return firstOf(matches);
}

const anywhere: Match = { key: "any", families: () => bothFamilies };

/** What one of them means. */
export function firstOf(matches: readonly Match[]): Match {
  return {
    key: `(${matches.map(({ key }) => key).join(" or ")})`,
    families: (endpoint) => matches.reduce((found, match) => found | match.families(endpoint), 0),
  };
}

function peerMatch({ podSelector, namespaceSelector, ipBlock }: Peer, namespace: string): Match {
  if (ipBlock) return block(ipBlock.cidr, ipBlock.except ?? []);
  if (!namespaceSelector) return podsOf(namespace, podSelector ?? {});
  return podsIn(namespaceSelector, podSelector ?? {});
}

function block(cidr: string, except: readonly string[]): Match {
  return {
    key: `ip ${cidr} but ${except.join(" ")}`,
    families: within([Cidr.parse(cidr)], except.map(Cidr.parse)),
  };
}

type Selector = z.output<typeof labelSelector>;

/** Pods with these labels in one namespace. */
function podsOf(namespace: string, selector: Selector): Match {
  return {
    key: `pods of ${namespace} ${JSON.stringify(selector)}`,
    families: (endpoint) =>
      isPod(endpoint) && endpoint.namespace.name === namespace && selects(selector, endpoint.labels) ? bothFamilies : 0,
  };
}

/** Pods with these labels in namespaces with those. */
export function podsIn(namespaces: Selector, pods: Selector): Match {
  return {
    key: `pods in ${JSON.stringify(namespaces)} ${JSON.stringify(pods)}`,
    families: (endpoint) =>
      isPod(endpoint) && selects(namespaces, endpoint.namespace.labels) && selects(pods, endpoint.labels)
        ? bothFamilies
        : 0,
  };
}

/** All protocols as a whole. */
export const anyTraffic: Traffic = union(protocols.map((protocol) => portsOf(protocol)));

function portsMatch(list: Port[] | null | undefined): Pick<Rule, "traffic" | "named"> {
  if (!list || list.length === 0) return { traffic: () => anyTraffic };
  const numbered = union(list.map(fixedPorts));
  const names = list.flatMap(({ port, protocol }) =>
    typeof port === "string" ? [{ name: port, protocol: protocol ?? ("TCP" as const) }] : [],
  );
  if (names.length === 0) return { traffic: () => numbered };
  return {
    traffic: (destination) =>
      union([numbered, ...names.map(({ name, protocol }) => namedPort(destination, name, protocol))]),
    named: JSON.stringify(list),
  };
}

function fixedPorts({ port, endPort, protocol }: Port): Traffic {
  const spoken: Protocol = protocol ?? "TCP";
  if (port == null) return portsOf(spoken);
  return typeof port === "number" ? portsOf(spoken, port, endPort ?? port) : nothing;
}

/** The numbers that a destination's containers give to a name; what is no pod has no names. */
export function namedPort({ ports }: Endpoint, name: string, protocol?: Protocol): Traffic {
  return union(
    ports
      .filter((own) => own.name === name && (protocol === undefined || own.protocol === protocol))
      .map((own) => portsOf(own.protocol, own.port, own.port)),
  );
}
