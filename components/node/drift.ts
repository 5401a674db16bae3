import type { Facts } from "./facts";
import { describeAttributes, type Item, identity, satisfies } from "./item";
import { observe } from "./plan";
import { hasProgram } from "./resolve";

/** One thing on a node that is not as it was committed. */
export interface Drift {
  item: string;
  expected: string;
  found: string;
}

/** What somebody changed by hand. Equal input gives equal output, in a stable order. */
export function driftOf(owned: Map<string, Item>, facts: Facts): Drift[] {
  return [...owned.values()].flatMap((item) => {
    if (item.kind === "iptables" && !hasProgram(item, facts)) return [];
    const observed = observe(item, facts, owned);
    if (satisfies(observed, item.value)) return [];
    return [{ item: identity(item), ...difference(item, observed) }];
  });
}

function difference(item: Item, observed: ReturnType<typeof observe>): { expected: string; found: string } {
  if (observed === null || item.value === null)
    return { expected: describeAttributes(item.value), found: describeAttributes(observed) };
  const changed = Object.keys(item.value).filter(
    (name) => !satisfies(observed, { [name]: item.value?.[name] ?? null }),
  );
  const only = (value: typeof observed) =>
    describeAttributes(Object.fromEntries(changed.map((name) => [name, value?.[name] ?? null])));
  return { expected: only(item.value), found: only(observed) };
}
