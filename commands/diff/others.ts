import { changedPolicies } from "./connections";
import type { Resource } from "./digest";
import { byAction, type Count, counted, type Meaning } from "./review";
import { isRoute } from "./routes";

/** What stands on its own in a review, or only holds others together. */
const known = /^(podnet:index:|pulumi:pulumi:Stack$|pulumi:providers:)/;
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

/** @param judged networks whose own settings say what becomes of their objects */
export function otherMeanings(resources: readonly Resource[], judged: ReadonlySet<string>): Meaning[] {
  const others = resources.filter((one) => isOther(one) && !isJudged(one, judged));
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

/** A network's objects are named after it: "pods/kube-flannel/flannel". */
function isJudged({ name, within }: Resource, judged: ReadonlySet<string>): boolean {
  if (!within.some((type) => type.startsWith("podnet:index:"))) return false;
  return [...judged].some((one) => name === one || name.startsWith(`${one}/`) || name.startsWith(`${one}-`));
}
