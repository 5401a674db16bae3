import { worst } from "../../components/change-words";
import type { Found } from "../../components/policy/reach/read-objects";
import { connectionMeanings, connections } from "./connections";
import { type Digest, placeOf, type Resource, resourcesIn } from "./digest";
import { fileChanges } from "./files";
import { findingsOf, refusal } from "./findings";
import { judgedBy, networkMeanings } from "./networks";
import { nodeGroups, nodeMeanings, nodesIn, unwell } from "./nodes";
import { otherCounts, otherMeanings } from "./others";
import { counted, type Meaning, type NodeGroup, type Review } from "./review";
import { routeCounts, routeMeanings } from "./routes";
import { subnetLines } from "./subnets";

/**
 * What a preview means. Equal previews give equal reviews, whatever the engine's order.
 *
 * @param cluster objects of the cluster that policies decide over
 */
export function review(digest: Digest, cluster: readonly Found[] = []): Review {
  const resources = resourcesIn(digest);
  const isJudged = judgedBy(resources);
  const nodes = nodesIn(resources);
  const findings = findingsOf(digest);
  const changes = connections(digest, resources, cluster);
  const meanings = byClass([
    ...findings.filter(({ level }) => level === "error").map(({ text }) => refusal(text)),
    ...networkMeanings(resources),
    ...nodeMeanings(nodes, isJudged),
    ...routeMeanings(resources),
    ...connectionMeanings(resources, changes),
    ...otherMeanings(resources, isJudged),
  ]);
  const groups = nodeGroups(nodes);
  const [most] = meanings;
  return {
    ...placeOf(digest),
    verdict: worst(meanings.map((one) => one.class)),
    touched: touchedBy(resources, groups),
    noticed: most ? noticedOf(meanings) : "nobody notices anything",
    meanings,
    nodes: groups,
    routes: routeCounts(resources),
    addresses: subnetLines(resources),
    ...(changes && { connections: changes }),
    others: otherCounts(resources),
    files: fileChanges(nodes),
    findings,
    ...unwell(nodes),
  };
}

function byClass(meanings: readonly Meaning[]): Meaning[] {
  return ["refused", "disruptive", "rolling", "safe"].flatMap((danger) =>
    meanings.filter((one) => one.class === danger),
  );
}

/** The reasons of the verdict, and how many others there are. */
function noticedOf(meanings: readonly Meaning[]): string {
  const [first] = meanings as [Meaning];
  const reason = first.reason.split("\n")[0] as string;
  const more = meanings.filter((one) => one.class === first.class).length - 1;
  return more > 0 ? `${reason}; and ${more} more` : reason;
}

function touchedBy(resources: readonly Resource[], groups: readonly NodeGroup[]): string {
  const nodes = Map.groupBy(groups, ({ network }) => network);
  const networks = [...nodes].map(([network, own]) => {
    const all = new Set(own.flatMap((group) => group.nodes));
    return `${network} on ${counted(all.size, "node")}`;
  });
  const routes = routeCounts(resources).reduce((sum, { count }) => sum + count, 0);
  const others = otherCounts(resources).reduce((sum, { count }) => sum + count, 0);
  const parts = [
    ...networks,
    ...(routes > 0 ? [counted(routes, "route")] : []),
    ...(others > 0 ? [counted(others, "other resource")] : []),
  ];
  return parts.join(", ") || "nothing changes";
}
