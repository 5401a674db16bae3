import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../../provider/resource";
import { isMap } from "./object";

/**
 * What the cluster has at the places that the inputs name, in the inputs' own words where nothing changed there: the
 * API server writes "1000m" as "1" and adds its defaults, which is nobody's change.
 *
 * @param before the object after it was last applied or read
 * @param after the object as it is
 */
export function observed(inputs: Properties, before: unknown, after: unknown): Properties {
  return value(inputs, before, after) as Properties;
}

function value(input: unknown, before: unknown, after: unknown): unknown {
  if (isDeepStrictEqual(before, after)) return input;
  if (isMap(input) && isMap(after)) {
    const old = isMap(before) ? before : {};
    const present = Object.keys(input).map((name) => [name, value(input[name], old[name], after[name])] as const);
    return Object.fromEntries(present.filter(([, member]) => member !== undefined));
  }
  if (Array.isArray(input) && Array.isArray(after)) {
    const old: unknown[] = Array.isArray(before) ? before : [];
    if (input.every(hasName) && after.every(hasName)) {
      const named = (list: unknown[], name: unknown) => list.find((one) => isMap(one) && one.name === name);
      const kept = input.map((one) => [one, named(after, one.name)] as const).filter(([, live]) => live !== undefined);
      return kept.map(([one, live]) => value(one, named(old, one.name), live));
    }
    if (input.length === after.length) return input.map((one, at) => value(one, old[at], after[at]));
  }
  return after;
}

const hasName = (element: unknown): element is { name: unknown } => isMap(element) && typeof element.name === "string";
