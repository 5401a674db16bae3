import { changedPolicies } from "./connections";
import type { Resource } from "./digest";
import { byAction, type Count, counted, type Meaning } from "./review";
import { isRoute } from "./routes";

/**
 * What stands on its own in a review, only holds others together, or reads without changing anything. What podnet keeps
 * in somebody else's store is none of these.
 */
const known = /^(podnet:index:(?!(EtcdKey|NetmasterObject)$)|pulumi:pulumi:Stack$|pulumi:providers:)/;

function isOther(resource: Resource): boolean {
  return resource.action !== "same" && !known.test(resource.type) && !isRoute(resource);
}

/** Everything that podnet has no more to say of than that it changes. */
export function otherCounts(resources: readonly Resource[]): Count[] {
  return [...Map.groupBy(resources.filter(isOther), ({ type, action }) => `${type} ${action}`).values()]
    .map((group) => {
      const [{ type, action }] = group as [Resource];
      const names = group.slice(0, 3).map(({ name }) => name);
      return { what: type, action: action as Count["action"], count: group.length, names };
    })
    .sort((left, right) => byAction(left, right) || (left.what < right.what ? -1 : 1));
}

/** @param isJudged whether the settings of a resource's network say what becomes of it */
export function otherMeanings(resources: readonly Resource[], isJudged: (one: Resource) => boolean): Meaning[] {
  const others = resources.filter((one) => isOther(one) && !isJudged(one));
  const policies = changedPolicies(resources);
  const rest = others.filter((one) => !policies.includes(one));
  const meaning = (danger: Meaning["class"], what: string, reason: string, group: readonly Resource[]): Meaning[] =>
    group.length > 0 ? [{ class: danger, what: counted(group.length, what), reason }] : [];
  return [
    ...meaning(
      "disruptive",
      "other resource",
      "they are replaced or deleted, and podnet does not know who needs them",
      rest.filter(({ action }) => action === "replace" || action === "delete"),
    ),
    ...meaning(
      "rolling",
      "other resource",
      "they change, and podnet does not know who notices",
      rest.filter(({ action }) => action === "update"),
    ),
    ...meaning(
      "safe",
      "other resource",
      "they are made",
      rest.filter(({ action }) => action === "create"),
    ),
  ];
}
