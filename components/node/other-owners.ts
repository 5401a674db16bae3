import type { Facts } from "./facts";
import { describeAttributes, type Item, identity, satisfies } from "./item";
import { byIdentity, ownedItems, parseManifest } from "./manifest";

/** Another network on the same node. */
export interface OtherOwner {
  name: string;
  owned: Map<string, Item>;
  /** What stood there before it came. */
  origins: Map<string, Item>;
}

export function otherOwners(facts: Facts): OtherOwner[] {
  return [...facts.others].flatMap(([name, texts]) => {
    const manifest = parseManifest(texts, name);
    return manifest ? [{ name, owned: ownedItems(manifest), origins: byIdentity(manifest.origins) }] : [];
  });
}

/** Two owners may want the same of one thing (forwarding, a directory), and not two things. */
export function agree(item: Item, theirs: Item | undefined): boolean {
  return theirs === undefined || satisfies(theirs.value, item.value) || satisfies(item.value, theirs.value);
}

export function contradiction(item: Item, other: OtherOwner): string {
  const theirs = other.owned.get(identity(item))?.value ?? null;
  return `${identity(item)} belongs to ${other.name}, which wants it ${describeAttributes(theirs)}, not ${describeAttributes(item.value)}`;
}
