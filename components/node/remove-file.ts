import { stepLines } from "./batch";
import { type Item, identity, type Step, satisfies } from "./item";
import type { RenderContext } from "./kinds/kind";
import { byIdentity, type Manifest, ownedItems, stateItems } from "./manifest";
import { forgetWhenLast, head, text } from "./node-text";
import { order } from "./order";
import type { NodeStateDocument } from "./state";

/**
 * Takes an owner off its node by hand, as a delete would, when neither podnet nor Pulumi is at hand. It works from
 * what was committed, since there is nobody to read the node: what is not there any more is said, and the rest goes on.
 */
export function removeFile(
  { state, derived, origins }: Pick<Manifest, "state" | "derived" | "origins">,
  context: RenderContext,
): string {
  const owned = [...ownedItems({ state, derived }).values()];
  const before = byIdentity(origins);
  const steps = owned
    .filter((item) => !isPlainRoute(item) || before.has(identity(item)))
    .flatMap((item) => stepBack(item, before.get(identity(item))?.value ?? null));
  const { owner } = context;
  return text([
    ...head,
    `cd /var/lib/podnet/${owner} || exit 1`,
    `if [ -d ../pending ]; then`,
    `  echo "a change of $(cat ../pending/owner) is pending; undo it first: sh /var/lib/podnet/pending/undo.sh asked"; exit 1`,
    `fi`,
    `failed=0; note() { failed=1; echo "not undone, or not there any more: $1"; }`,
    `. ./remove-routes.sh`,
    ...stepLines(order(steps), { ...context, contents: new Map() }, "tolerant"),
    `if [ $failed = 1 ] && [ "$1" != force ]; then`,
    `  echo "/var/lib/podnet/${owner} stays; when all is as you want it: sh /var/lib/podnet/${owner}/remove.sh force"; exit 1`,
    `fi`,
    `cd .. && rm -rf ${owner} && trap 'echo "${owner} is removed"' EXIT`,
    // What other owners want as well (a sysctl, a module) is theirs from here on.
    `for file in */replay.sh; do if [ -e "$file" ]; then sh "$file" >/dev/null 2>&1; fi; done`,
    ...forgetWhenLast,
  ]);
}

/** The part of a removal that changes with every node that joins. */
export function removeRoutesFile(state: NodeStateDocument, context: RenderContext): string {
  const steps = stateItems(state)
    .filter(isPlainRoute)
    .map(({ kind, key, value }): Step => ({ kind, key, from: value, to: null }));
  return text(stepLines(order(steps), context, "tolerant"));
}

/** A default route is taken away only where it is known what comes in its place. */
function isPlainRoute({ kind, key }: Item): boolean {
  return kind === "route" && !key.includes("/0 ");
}

function stepBack({ kind, key, value, purge }: Item, origin: Step["to"]): Step[] {
  if (origin === null ? value === null : satisfies(value, origin)) return [];
  return [{ kind, key, from: value && purge ? { ...value, purge } : value, to: origin }];
}
