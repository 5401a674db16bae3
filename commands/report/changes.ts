import type { KeptResource } from "../stack/state";
import type { Changes } from "./model";
import type { Family } from "./read";

/**
 * A state says when each resource was changed last, and not in which run. What was changed less than this many
 * milliseconds before another was changed by the same: a batch of a rollout takes its time.
 */
const sameRun = 5 * 60_000;

/** Names that a group lists before the rest is counted. */
const listed = 8;

/** What the last run of `pulumi up` made and changed. What it removed is in no state. */
export function changesOf(resources: readonly KeptResource[], families: readonly Family[]): Changes {
  const dated = resources
    .flatMap((resource) => {
      const at = Date.parse(resource.modified ?? "");
      return Number.isNaN(at) ? [] : [{ resource, at }];
    })
    .sort((left, right) => right.at - left.at);
  const end = dated.findIndex(({ at }, index) => at - (dated[index + 1]?.at ?? -Infinity) > sameRun);
  const last = dated.slice(0, end + 1).map(({ resource }) => resource);
  const grouped = Map.groupBy(
    last,
    ({ type, created, modified }) => `${created === modified ? "created" : "changed"} ${type}`,
  );
  return {
    from: last.at(-1)?.modified,
    to: last[0]?.modified,
    groups: [...grouped]
      .map(([key, group]) => ({
        action: key.startsWith("created") ? ("created" as const) : ("changed" as const),
        what: group[0]?.type ?? "",
        count: group.length,
        names: group.slice(0, listed).map(nameOf),
      }))
      .sort((left, right) => (`${left.action} ${left.what}` < `${right.action} ${right.what}` ? -1 : 1)),
    classes: families.flatMap(({ record }) => {
      const { lastChange } = record.resource.outputs;
      return typeof lastChange === "string" ? [{ network: nameOf(record.resource), class: lastChange }] : [];
    }),
  };
}

function nameOf({ urn }: KeptResource): string {
  return urn.split("::").slice(3).join("::");
}
