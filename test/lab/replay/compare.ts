import { isDeepStrictEqual } from "node:util";
import { connections } from "../../../commands/diff/connections";
import { review } from "../../../commands/diff/decide";
import { type Action, type Digest, type Resource, readDigest, resourcesIn } from "../../../commands/diff/digest";
import { networkMeanings } from "../../../commands/diff/networks";
import { nodeGroups, nodesIn } from "../../../commands/diff/nodes";
import type { Review } from "../../../commands/diff/review";
import { worst } from "../../../components/change-words";
import { nodeState } from "../../../components/node/state";
import { summary } from "../../../components/node/summary";
import { diff } from "../../../components/policy/reach/diff";
import { evaluate } from "../../../components/policy/reach/evaluate";
import { readObjects } from "../../../components/policy/reach/read-objects";
import { difference, isSame } from "../faults/node";
import { workloads } from "./cluster";
import { decidedOver, type Sight } from "./stage";

const recordType = "podnet:index:NetworkRecord";

/** What a preview said. */
export interface Said {
  digest: Digest;
  resources: Resource[];
  review: Review;
}

export function said(preview: string): Said {
  const digest = readDigest(preview);
  return { digest, resources: resourcesIn(digest), review: review(digest, workloads) };
}

/** Where what a preview said is not what happened; nothing where it is. */
export function differences(said: Said, before: Sight, after: Sight): string[] {
  return [
    ...resourceDifferences(said, before, after),
    ...nodeDifferences(said, before, after),
    ...clusterDifferences(said, before, after),
    ...classDifferences(said, after),
    ...connectionDifferences(said, before, after),
  ];
}

/** What the preview says of one network's settings: how dangerous their change is. */
export function classOf({ resources }: Said, network: string): string {
  return classOfAll(resources.filter(({ type, name }) => type === recordType && name === network));
}

const classOfAll = (records: readonly Resource[]) => worst(networkMeanings(records).map((meaning) => meaning.class));

/** A refusal is a promise that nothing happens. */
export function refusalDifferences(code: number | null, before: Sight, after: Sight): string[] {
  const touched = [...after.nodes].filter(([node, { text }]) => !isSame(before.nodes.get(node)?.text ?? "", text));
  return [
    ...(code === 0 ? ["the preview was refused, and the update was done"] : []),
    ...touched.map(([node]) => `the preview was refused, and ${node} was changed`),
    ...changedObjects(before, after).map((key) => `the preview was refused, and ${key} was changed`),
  ];
}

function changedObjects(before: Sight, after: Sight): string[] {
  const keys = new Set([...before.objects.keys(), ...after.objects.keys()]);
  return [...keys].filter((key) => !isDeepStrictEqual(before.objects.get(key), after.objects.get(key)));
}

function resourceDifferences({ resources }: Said, before: Sight, after: Sight): string[] {
  const planned = new Map(resources.map(({ urn, action }) => [urn, action]));
  const urns = new Set([...planned.keys(), ...before.resources.keys(), ...after.resources.keys()]);
  return [...urns]
    .filter((urn) => !urn.includes("pulumi:providers:"))
    .flatMap((urn) => {
      const [told, done] = [planned.get(urn) ?? "same", happened(urn, before, after)];
      return told === done ? [] : [`${urn}: the preview says ${told}, and it was ${done}`];
    });
}

function happened(urn: string, before: Sight, after: Sight): Action {
  const [was, is] = [before.resources.get(urn), after.resources.get(urn)];
  if (!was || !is) return was ? "delete" : is ? "create" : "same";
  if (was.created !== is.created) return "replace";
  return was.modified === is.modified ? "same" : "update";
}

/** A node's own record of what was committed, in the words of the preview; and no other node has another text. */
function nodeDifferences({ resources }: Said, before: Sight, after: Sight): string[] {
  const groups = nodeGroups(nodesIn(resources));
  return [...after.nodes].flatMap(([node, { text, committed }]) => {
    const was = before.nodes.get(node);
    const own = groups.filter(({ nodes }) => nodes.includes(node));
    const networks = new Set([...(was?.committed.keys() ?? []), ...committed.keys(), ...own.map((one) => one.network)]);
    const said = [...networks].map((network) => ({
      network,
      told: own.find((one) => one.network === network)?.summary ?? "no change",
      done: summary(was?.committed.get(network) ?? empty, committed.get(network) ?? empty),
    }));
    // What a network keeps of a node comes with it and goes with it, also where it wants nothing of the node.
    const comes = own.some(({ action }) => action === "create" || action === "delete");
    const isTold = comes || said.some(({ told }) => told !== "no change");
    const changed = isSame(was?.text ?? "", text) ? "" : difference(was?.text ?? "", text);
    return [
      ...said
        .filter(({ told, done }) => told !== done)
        .map(({ network, told, done }) => `${network} on ${node}: the preview says ${told}, and the node has ${done}`),
      ...(!isTold && changed ? [`${node}: the preview says no change, and the node differs:\n${changed}`] : []),
      ...(isTold && !changed ? [`${node}: the preview says that it changes, and the node is the same`] : []),
    ];
  });
}

const empty = nodeState.parse({});

function clusterDifferences({ resources }: Said, before: Sight, after: Sight): string[] {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap(({ type, name, action, parent }) => {
      const key = `${type} ${name}`;
      const [was, is] = [before.objects.get(key), after.objects.get(key)];
      const done = isDeepStrictEqual(was, is) ? "same" : !was ? "create" : is ? "update" : "delete";
      const told = action === "replace" ? "update" : action;
      const records = resources.filter((one) => one.type === recordType && one.parent === parent);
      const isAgain = was && is && type.endsWith(":DaemonSet") && !isDeepStrictEqual(templateOf(was), templateOf(is));
      return [
        ...(told === done ? [] : [`${key}: the preview says ${told}, and the cluster saw ${done}`]),
        ...(isAgain && classOfAll(records) === "safe" && !restart.test(reasonsOf(records))
          ? [`${key}: the preview says that its network's change is safe, and its pods are started again`]
          : []),
      ];
    });
}

/** What is safe may start pods again that no packet needs, where its reason says so. */
const restart = /started again/;
const reasonsOf = (records: readonly Resource[]) =>
  networkMeanings(records)
    .map(({ reason }) => reason)
    .join();
const templateOf = (object: Record<string, unknown>) => (object.spec as { template?: unknown } | undefined)?.template;

/** What the provider recorded of the change's danger, by the table that the preview was judged by too. */
function classDifferences({ resources }: Said, after: Sight): string[] {
  return resources
    .filter(({ type, action }) => type === recordType && action === "update")
    .flatMap((record) => {
      const told = classOfAll([record]);
      const done = after.resources.get(record.urn)?.outputs.lastChange;
      return told === done ? [] : [`${record.name}: the preview says ${told}, and it was ${done}`];
    });
}

function connectionDifferences({ digest, resources }: Said, before: Sight, after: Sight): string[] {
  const told = connections(digest, resources, workloads);
  if (!told) return [];
  const [was, is] = [readObjects(decidedOver(before)).world, readObjects(decidedOver(after)).world];
  const done = diff(evaluate(was, { beside: is.policies }), evaluate(is, { beside: was.policies }));
  const pairs = (list: typeof done.opened) =>
    list.map(({ change, from, to, traffic, pairs }) => `${change} ${from} → ${to}: ${traffic} (${pairs})`).sort();
  const [planned, really] = [told, done].map(({ opened, closed }) => pairs([...opened, ...closed]));
  const baselines = resources.filter(({ type, before, after }) => {
    return type === recordType && (after ?? before)?.network === "policy";
  });
  return [
    ...(isDeepStrictEqual(planned, really)
      ? []
      : [
          `connections: the preview says ${planned?.join("; ")}, and by the cluster's objects it is ${really?.join("; ")}`,
        ]),
    ...(done.closed.length > 0 && classOfAll(baselines) === "safe"
      ? [
          `connections: the preview says that the baseline's change is safe, and there is ${pairs(done.closed).join("; ")}`,
        ]
      : []),
  ];
}
