import { type Item, identity, satisfies } from "./item";
import { stateItems } from "./manifest";
import type { NodeStateDocument } from "./state";

/** A change in one short line: "+3 route, ~1 file, -1 link". NICs that move are named: they are what can go wrong. */
export function summary(before: NodeStateDocument, after: NodeStateDocument): string {
  const [old, next] = [before, after].map(
    (state) => new Map(stateItems(state).map((item) => [identity(item), item])),
  ) as [Map<string, Item>, Map<string, Item>];
  const added = [...next.values()].filter((item) => !old.has(identity(item)));
  const removed = [...old.values()].filter((item) => !next.has(identity(item)));
  const changed = [...next.values()].filter((item) => {
    const was = old.get(identity(item));
    return was !== undefined && !satisfies(was.value, item.value);
  });
  const moved = after.uplinks.filter(({ device }) => !before.uplinks.some((other) => other.device === device));
  const parts = [
    ...moved.map(({ device, bridge }) => `moves ${device} into ${bridge}`),
    ...counts("+", added),
    ...counts("~", changed),
    ...counts("-", removed),
  ];
  return parts.join(", ") || "no change";
}

function counts(sign: string, items: Item[]): string[] {
  return [...Map.groupBy(items, ({ kind }) => kind)].map(([kind, group]) => `${sign}${group.length} ${kind}`);
}
