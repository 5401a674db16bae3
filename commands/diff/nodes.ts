import { nodeState } from "../../components/node/state";
import { summary } from "../../components/node/summary";
import { unhealthy } from "../../components/node/unhealthy";
import type { Properties, Resource } from "./digest";
import { byAction, type Meaning, type NodeGroup, type Review } from "./review";
import { secret } from "./secrets";

const nodeType = "podnet:index:NodeState";
const empty = nodeState.parse({});

export interface NodeChange extends Resource {
  node: string;
  owner: string;
  /** Something was changed by hand, and is put back. */
  drifted: boolean;
}

export function nodesIn(resources: readonly Resource[]): NodeChange[] {
  return resources
    .filter(({ type }) => type === nodeType)
    .map((resource) => {
      const { node, owner } = resource.after ?? resource.before ?? {};
      const drifted = Array.isArray(resource.before?.drift) && resource.before.drift.length > 0;
      return { ...resource, node: String(node), owner: String(owner), drifted };
    });
}

/** One entry for all nodes that do the same. */
export function nodeGroups(nodes: readonly NodeChange[]): NodeGroup[] {
  const changed = nodes.filter(({ action }) => action !== "same");
  const groups = Map.groupBy(changed, (node) => JSON.stringify([node.owner, node.action, wordsOf(node)]));
  return [...groups.values()]
    .map((group) => {
      const [first] = group as [NodeChange];
      const action = first.action as NodeGroup["action"];
      return { network: first.owner, nodes: group.map(({ node }) => node), action, summary: wordsOf(first) };
    })
    .sort(byAction);
}

function wordsOf({ before, after, drifted }: NodeChange): string {
  const isSecret = [before, after].some((one) => typeof one?.state === "string" && one.state.includes(secret));
  const words = isSecret ? "its state is a secret" : summary(stateOf(before), stateOf(after));
  if (!drifted) return words;
  return words === "no change" ? "puts back what was changed by hand" : `${words}, puts back what was changed by hand`;
}

function stateOf(properties: Properties | undefined) {
  return nodeState.safeParse(properties?.state).data ?? empty;
}

/**
 * What changes of nodes mean beyond what their network's settings say.
 *
 * @param isJudged whether the settings of a resource's network say it
 */
export function nodeMeanings(nodes: readonly NodeChange[], isJudged: (node: Resource) => boolean): Meaning[] {
  const of = (wanted: (node: NodeChange) => boolean, meaning: Omit<Meaning, "what">): Meaning[] => {
    const names = nodes.filter((node) => node.action !== "same" && wanted(node)).map(({ node }) => node);
    return names.length > 0 ? [{ ...meaning, what: namesOf(names) }] : [];
  };
  const alone = (node: NodeChange) => !isJudged(node);
  return [
    ...of((node) => movesNic(node), {
      class: "rolling",
      reason:
        "a NIC moves into a bridge: the node's own connections pause, and it takes the change back unless confirmed",
    }),
    ...of((node) => node.action === "replace", {
      class: "disruptive",
      reason: "what podnet made on the node goes before it is made again",
    }),
    ...of((node) => node.action === "delete" && alone(node), {
      class: "disruptive",
      reason: "what podnet made on the node goes, and no change of a network's settings says why",
    }),
    ...of((node) => node.action === "update" && node.drifted, {
      class: "rolling",
      reason: "what somebody changed by hand is put back",
    }),
    ...of((node) => node.action === "update" && alone(node) && !node.drifted, {
      class: "rolling",
      reason:
        "the node changes, and no setting of its network does: another release of podnet, or another value in the program",
    }),
  ];
}

function movesNic({ before, after }: NodeChange): boolean {
  const [was, is] = [stateOf(before).uplinks, stateOf(after).uplinks];
  return is.some(({ device }) => !was.some((other) => other.device === device));
}

/** Nodes that the last refresh could not look at, and those that the last change of them left unfinished. */
export function unwell(nodes: readonly NodeChange[]): Pick<Review, "unreachable" | "unfinished"> {
  const all = nodes.flatMap(({ node, complaints }) => complaints.slice(0, 1).map((reason) => ({ node, reason })));
  const [unreachable, unfinished] = [true, false].map((kept) =>
    all.filter(({ reason }) => reason.startsWith(unhealthy) === kept),
  ) as [Review["unreachable"], Review["unfinished"]];
  // A failed change names its node itself.
  const own = unfinished.map(({ node, reason }) => ({ node, reason: reason.replace(`${node}: `, "") }));
  return { unreachable, unfinished: own };
}

/** The first names of many, and how many more. */
export function namesOf(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}
