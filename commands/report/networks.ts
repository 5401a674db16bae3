import { unhealthy } from "../../components/node/unhealthy";
import type { Probe } from "../../components/verification/probes";
import type { Health, Network, Node, Segment } from "./model";
import { proofOf } from "./proof";
import { carrierOf, type Family, type Read, type Settings } from "./read";
import { routeWords, tunnelWords, waysOf } from "./ways";

/** @param probes of each network by its name, where every probe's answer is at hand */
export function networkOf(family: Family, probes: ReadonlyMap<string, readonly Probe[]>): Network {
  const { record, proofs } = family;
  const { settings } = record;
  const name = nameOf(family);
  const proof = proofs.toSorted((left, right) => right.nodes.length - left.nodes.length)[0];
  const segments = segmentsOf(family, proof);
  return {
    name,
    kind: record.network,
    facts: factsOf(settings),
    segments,
    ways: waysOf(family, segments),
    proof: proof && proofOf(proof, segments, probes.get(name)),
  };
}

const nameOf = ({ record }: Family) => record.resource.urn.split("::").slice(3).join("::");

function factsOf(settings: Settings): [string, string][] {
  const { podCidr, serviceCidr, mtu, shape, crossSegment } = settings;
  const facts: [string, string | undefined][] = [
    ["Pod CIDR", podCidr.join(", ")],
    ["Service CIDR", serviceCidr.join(", ")],
    ["MTU of pods", mtu === undefined ? undefined : `${mtu} bytes`],
    ["Shape", shape],
    ["Backend", carrierOf(settings)],
    ["Between segments", crossSegment],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** Nodes by their segments, in the order of the settings; nodes that only probes know are in one of their own. */
function segmentsOf(family: Family, proof: Read<"proof"> | undefined): Segment[] {
  const { nodes: recorded, segments } = family.record.settings;
  const described = Object.entries(recorded);
  const known = described.length > 0 ? described : unrecorded(proof);
  const made = new Map(family.nodes.map((one) => [one.node, one]));
  const subnets = Object.assign({}, ...family.plans.map((plan) => plan.subnets)) as Record<string, string[]>;
  const failures = proof?.matrix.failures ?? [];
  const groups = Map.groupBy(known, ([, { segment }]) => segment);
  return [...groups].map(([name, nodes]) => ({
    name,
    subnets: segments[name]?.subnets ?? [],
    routers: segments[name]?.routers ?? [],
    nodes: nodes.map(([node, { addresses, mtu }]) => ({
      name: node,
      addresses,
      mtu,
      subnets: subnets[node] ?? [],
      ...healthOf(node, family.nodes.length > 0, made.get(node), failures),
      ...waysOn(made.get(node)),
    })),
  }));
}

function unrecorded(proof: Read<"proof"> | undefined): [string, Settings["nodes"][string]][] {
  return (proof?.nodes ?? []).map(({ name, addresses }) => [name, { addresses, segment: "default", mtu: undefined }]);
}

/** @param changes whether podnet changes nodes of this network at all */
function healthOf(
  node: string,
  changes: boolean,
  made: Family["nodes"][number] | undefined,
  failures: readonly string[],
): { health: Health; reasons: string[] } {
  const complaints = made?.resource.complaints ?? [];
  if (complaints.some((reason) => reason.startsWith(unhealthy))) return { health: "unreachable", reasons: complaints };
  // What else a state complains of is a change that was begun and not undone.
  if (complaints.length > 0) return { health: "not made", reasons: complaints };
  // A failure names its nodes as words of their own: "node1 → node2", "node1 could not be probed".
  const named = failures.filter((line) => line.split(/[\s:,→]+/).includes(node));
  if (named.length > 0) return { health: "failing", reasons: named };
  const drift = made?.drift ?? [];
  if (drift.length > 0) return { health: "changed by hand", reasons: drift.map(({ item }) => item) };
  if (changes && !made) return { health: "not made", reasons: ["the stack has no state of this node"] };
  return { health: "ok", reasons: [] };
}

function waysOn(made: Family["nodes"][number] | undefined): Pick<Node, "routes" | "routeCount" | "tunnels"> {
  const { routes, links } = made?.state ?? { routes: [], links: [] };
  return {
    routes: routes.map(routeWords),
    routeCount: routes.reduce((sum, { count }) => sum + count, 0),
    tunnels: links.flatMap(tunnelWords),
  };
}
