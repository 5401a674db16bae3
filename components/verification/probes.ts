import { coverageOf, pairs } from "./pairs";
import type { Answer, Question } from "./phases/probe";
import type { Family, VerificationSettings } from "./settings";

/** Addresses of each node's probe pod; nodes without one could not be probed. */
export type PodAddresses = Map<string, Partial<Record<Family, string>>>;

/** What one probe is about: a pod to another node's pod, a pod to another node, or a node to its own pod. */
export interface Planned {
  kind: "pod" | "node" | "ownPod";
  from: string;
  to: string;
  question: Question;
}

/** A probe with its answer: one line of `podnet verify --json`. */
export interface Probe {
  kind: Planned["kind"];
  /** Node whose pod sends; for "ownPod" the node that sends. */
  from: string;
  to: string;
  family: Family;
  /** The sender's pod address. */
  source: string;
  target: string;
  answer: Answer;
  /**
   * The receiving pod did not see the sender's address: it is translated on the way, which pod-to-pod traffic must
   * never be. The address seen instead, or "another address" where it could not be told.
   */
  translatedTo?: string;
}

/** What came of a verification. */
export interface Verdict {
  network: string;
  nodes: string[];
  probes: Probe[];
  /** Nodes that could not be probed at all, and why. */
  unprobed: { node: string; reason: string }[];
  /** Nodes where taking the probe pod away was not smooth, and what they said. */
  complaints: { node: string; text: string }[];
}

/** Nodes whose probe pod has an address of another's: it would answer itself, and prove nothing. */
export function sharedAddresses(pods: PodAddresses): { node: string; reason: string }[] {
  const holders = Map.groupBy(
    [...pods].flatMap(([node, addresses]) => Object.values(addresses).map((address) => ({ node, address }))),
    ({ address }) => address,
  );
  return [...holders.values()].flatMap((group) =>
    group.length < 2
      ? []
      : group.map(({ node, address }) => {
          const others = group.filter((other) => other.node !== node).map((other) => other.node);
          return { node, reason: `its probe pod was given ${address}, which the one of ${others.join(", ")} has too` };
        }),
  );
}

/** Every probe that each node is to send, by node. */
export function planProbes(settings: VerificationSettings, pods: PodAddresses): Map<string, Planned[]> {
  const targets = pairs(settings.nodes.length, coverageOf(settings));
  const planned = settings.nodes.map(({ name }, index): [string, Planned[]] => {
    const own = pods.get(name);
    if (!own) return [name, []];
    const peers = (targets[index] as number[]).map(
      (peer) => settings.nodes[peer] as VerificationSettings["nodes"][number],
    );
    return [
      name,
      settings.families
        .flatMap((family) => [
          probe("ownPod", name, name, "node", family, own[family]),
          ...peers.flatMap((peer) => [
            probe("pod", name, peer.name, "pod", family, pods.get(peer.name)?.[family], settings.mtu),
            ...peer.addresses
              .filter((address) => address.includes(":") === (family === "ipv6"))
              .map((address) => probe("node", name, peer.name, "pod", family, address)),
          ]),
        ])
        .flatMap((entry) => entry ?? []),
    ];
  });
  return new Map(planned);
}

function probe(
  kind: Planned["kind"],
  from: string,
  to: string,
  sender: Question["from"],
  family: Family,
  address: string | undefined,
  mtu?: number,
): Planned | undefined {
  return address === undefined ? undefined : { kind, from, to, question: { from: sender, family, address, mtu } };
}

/** Puts answers and what the receiving pods saw together. `seen` lacks nodes whose witness could not be asked. */
export function judge(
  planned: Planned[],
  answers: Answer[],
  settings: VerificationSettings,
  pods: PodAddresses,
  seen: Map<string, string[]>,
): Probe[] {
  return planned.map(({ kind, from, to, question }, index) => {
    const source = pods.get(from)?.[question.family] ?? "";
    const answer = answers[index] as Answer;
    const sources = kind === "pod" && answer.reachable ? seen.get(to) : undefined;
    return {
      kind,
      from,
      to,
      family: question.family,
      source,
      target: question.address,
      answer,
      ...(sources && !sources.includes(source) && { translatedTo: impostor(sources, from, settings) }),
    };
  });
}

/** Masquerading puts the sending node's address in the pod's place. */
function impostor(sources: string[], from: string, settings: VerificationSettings): string {
  const addresses = settings.nodes.find((node) => node.name === from)?.addresses ?? [];
  return addresses.find((address) => sources.includes(address)) ?? "another address";
}
