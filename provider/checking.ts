import type { ZodError, ZodType } from "zod";
import type { Problem } from "../components/addresses/problem";
import { type CheckFailure, type Properties, type ResourceHandler, unknown } from "./resource";

/** The check of a resource whose inputs are one schema's. They are kept as they were written: a default is not state. */
export function checked(schema: ZodType<Properties>): ResourceHandler["check"] {
  return (_previous, wanted) => {
    const error = hasUnknowns(wanted) ? undefined : schema.safeParse(wanted).error;
    return { inputs: wanted, failures: failuresOf(error) };
  };
}

/** Inputs of before and of this run, complete with their defaults, so that only what they mean is compared. */
export function completed<Value>(schema: ZodType, before: Value, after: Value): [Value, Value] {
  const [old, next] = [schema.safeParse(before), schema.safeParse(after)];
  // Values that are not known yet do not parse: then both are compared as they were written.
  return old.success && next.success ? [old.data as Value, next.data as Value] : [before, after];
}

/** Every problem of a zod error at once, each at its property path. */
export function failuresOf(error: ZodError | undefined): CheckFailure[] {
  return (error?.issues ?? []).map((issue) => ({ property: path(issue.path), reason: issue.message }));
}

/** A problem of a plan, as a check tells it. */
export function failureOf({ path, rule, fix }: Problem): CheckFailure {
  return { property: path, reason: fix ? `${rule}; ${fix}` : rule };
}

function path(keys: PropertyKey[]): string {
  return keys
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}

/** Values that the engine does not know yet cannot be checked; the update will. */
export function hasUnknowns(value: unknown): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknowns);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknowns);
}
