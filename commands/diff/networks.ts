import { changeWords } from "../../components/change-words";
import { networkChanges } from "../../components/changes";
import type { Properties, Resource } from "./digest";
import type { Meaning } from "./review";

const recordType = "podnet:index:NetworkRecord";

/** Tells of a resource whether it is part of a network whose own settings say what the change means. */
export function judgedBy(resources: readonly Resource[]): (resource: Resource) => boolean {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const judged = new Set(
    resources.filter(({ type, action }) => type === recordType && action !== "same").map(({ parent }) => parent),
  );
  return ({ parent }) => {
    for (let one = parent; one !== undefined; one = parents.get(one)) if (judged.has(one)) return true;
    return false;
  };
}

/** What changes of networks' settings mean, by the tables that the provider itself goes by. */
export function networkMeanings(resources: readonly Resource[]): Meaning[] {
  return resources.filter(({ type }) => type === recordType).flatMap(meaningsOf);
}

function meaningsOf({ name, action, before, after }: Resource): Meaning[] {
  if (kindOf(after ?? before) === "policy") return baselineMeanings(name, before?.settings, after?.settings);
  if (action === "create")
    return [{ class: "safe", what: `${name}: a ${kindOf(after)} network comes`, reason: "no pod is in it yet" }];
  if (action === "delete" || action === "replace")
    return [
      {
        class: "disruptive",
        what: `${name}: the ${kindOf(before)} network goes`,
        reason: "its pods lose their addresses and reach nobody: stop the workloads first",
      },
    ];
  const table = networkChanges[kindOf(after)];
  if (action === "same" || !table) return [];
  const [from, to] = [before?.settings, after?.settings];
  return changeWords(table(from, to), from, to).map(({ settings, ...words }) => ({
    ...words,
    what: `${name}: ${settings}`,
  }));
}

/** A baseline that comes is one that applied nothing until then, and one that goes applies nothing any more. */
function baselineMeanings(name: string, before: unknown, after: unknown): Meaning[] {
  const [from, to] = [before ?? audit(after), after ?? audit(before)];
  return changeWords(networkChanges.policy?.(from, to) ?? [], from, to).map(({ settings, ...words }) => ({
    ...words,
    what: `${name}: ${settings}`,
  }));
}

function audit(settings: unknown): Properties {
  return { ...(settings as Properties), migrate: "audit" };
}

function kindOf(record: Properties | undefined): string {
  return String(record?.network);
}
