import { UserError } from "../../components/errors";
import { few } from "../../components/few";
import { diff } from "../../components/policy/reach/diff";
import { evaluate } from "../../components/policy/reach/evaluate";
import { Memory } from "../../components/policy/reach/memory";
import { isPolicy, normalise } from "../../components/policy/reach/normalise";
import { type Found, readObjects } from "../../components/policy/reach/read-objects";
import { identity, named } from "../reach/identity";
import { type Digest, type Properties, type Resource, unknown } from "./digest";
import { type Connections, counted, type Meaning } from "./review";

/** Kinds that decide which connections there are. */
const policy = /(NetworkPolicy|NetworkSet|Tier|HostEndpoint)$/;

/** Objects that change which connections there are. */
export function changedPolicies(resources: readonly Resource[]): Resource[] {
  return resources.filter(
    ({ type, action }) => action !== "same" && type.startsWith("kubernetes:") && policy.test(type),
  );
}

/**
 * The connections between workloads that a preview opens and closes; undefined when no policy changes, or when not all
 * is known: what does not change is part of it (`--show-sames`), and so are the workloads, what policies select by, and
 * all that those that change say.
 *
 * @param cluster what else is in the cluster: its workloads and namespaces, and policies of others
 */
export function connections(
  digest: Digest,
  resources: readonly Resource[],
  cluster: readonly Found[],
): Connections | undefined {
  if (changedPolicies(resources).length === 0 || !isWhole(digest) || cluster.length === 0) return undefined;
  const own = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  if (own.some(isUnclear) || changedPolicies(resources).some(isBeyond)) return undefined;
  const names = new Set(own.flatMap(({ before, after }) => [before, after].map(identity)));
  const others = cluster.filter(({ object }) => !names.has(identity(object)));
  const [old, fresh] = [
    readObjects([...others, ...found(own.map(({ before }) => before))]),
    readObjects([...others, ...found(own.map(({ after, action }) => (action === "delete" ? undefined : after)))]),
  ];
  const memory = new Memory();
  const then = evaluate(old.world, { memory, beside: fresh.world.policies });
  const now = evaluate(fresh.world, { memory, beside: old.world.policies });
  return { ...diff(then, now), unevaluated: [...new Set([...fresh.unevaluated, ...now.unevaluated])] };
}

export function connectionMeanings(resources: readonly Resource[], changes: Connections | undefined): Meaning[] {
  const policies = changedPolicies(resources);
  if (policies.length === 0) return [];
  const what = counted(policies.length, "network policy object");
  if (!changes)
    return [
      {
        class: "disruptive",
        what,
        reason: "they may close connections, and the preview does not say which",
        wayRound: wayToKnow(resources),
      },
    ];
  const pairs = (list: Connections["closed"]) => list.reduce((sum, one) => sum + one.pairs, 0);
  const [opened, closed] = [pairs(changes.opened), pairs(changes.closed)];
  return [
    ...(closed > 0
      ? [
          {
            class: "disruptive" as const,
            what,
            reason: `connections are closed between ${counted(closed, "pair")} of workloads`,
          },
        ]
      : []),
    ...(opened > 0
      ? [
          {
            class: "safe" as const,
            what,
            reason: `connections are opened between ${counted(opened, "pair")} of workloads`,
          },
        ]
      : []),
    ...(opened + closed === 0 ? [{ class: "safe" as const, what, reason: "no connection is opened or closed" }] : []),
  ];
}

function wayToKnow(resources: readonly Resource[]): string {
  if (resources.some((one) => one.type.startsWith("kubernetes:") && isUnclear(one)))
    return "say namespaces, names and labels that are known before the change";
  const beyond = changedPolicies(resources).filter(isBeyond);
  const names = few([...new Set(beyond.map(({ before, after }) => named(after ?? before)))], 3);
  return beyond.length > 0
    ? `podnet does not evaluate all of ${names}: look at them by hand`
    : "preview with --show-sames, and say --cluster FILE with the cluster's workloads";
}

/** Whether a policy is of a kind, or says something, that is not evaluated: no difference would then mean nothing. */
function isBeyond({ before, after }: Resource): boolean {
  const objects = found([before, after]).filter(({ object }) => !/^Staged/.test(String((object as Properties).kind)));
  try {
    const { policies } = readObjects(objects).world;
    const parts = policies.filter(isPolicy).flatMap((one) => normalise(one, { sets: [], nodes: [] }).unevaluated);
    return policies.length < objects.length || parts.length > 0;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

/** Whether what decides, or is selected by, is known only when the change is made. */
function isUnclear({ type, after }: Resource): boolean {
  const { template } = (after?.spec ?? {}) as { template?: Properties };
  const selectedBy = [after?.metadata, template?.metadata].map((one) => {
    const { name, namespace, labels } = (one ?? {}) as Properties;
    return [name, namespace, labels];
  });
  return JSON.stringify([selectedBy, policy.test(type) ? after : undefined]).includes(unknown);
}

/** Whether what does not change is in the preview too. */
function isWhole({ steps, changeSummary }: Digest): boolean {
  return steps.filter(({ op }) => op === "same").length >= (changeSummary.same ?? 0);
}

function found(objects: readonly (Properties | undefined)[]): Found[] {
  return objects.flatMap((object) =>
    typeof object?.kind === "string" ? [{ where: `the preview, ${named(object)}`, object }] : [],
  );
}
