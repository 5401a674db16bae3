import { isDeepStrictEqual } from "node:util";
import type { PropertyDiff } from "./resource";

/** Where two values differ, as property paths, down to the element of a list or the entry of a map. */
export function propertyDiff(before: unknown, after: unknown, path: string, depth = 3): PropertyDiff {
  if (isDeepStrictEqual(before, after)) return {};
  if (before === undefined) return { [path]: "add" };
  if (after === undefined) return { [path]: "delete" };
  const [left, right] = [entries(before), entries(after)];
  if (depth === 0 || !left || !right || Array.isArray(before) !== Array.isArray(after)) return { [path]: "update" };
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const join = (name: string) => (Array.isArray(before) ? `${path}[${name}]` : `${path}${segment(name)}`);
  return Object.assign(
    {},
    ...names.map((name) => propertyDiff(left.get(name), right.get(name), join(name), depth - 1)),
  );
}

function entries(value: unknown): Map<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}

function segment(name: string): string {
  return /^[\w$]+$/.test(name) ? `.${name}` : `["${name}"]`;
}
