import type { ZodType } from "zod";
import type { Problem } from "../components/addresses/problem";
import { problemsOf, words } from "../components/parse";
import { type CheckFailure, type Properties, type ResourceHandler, unknown } from "./resource";

/** The check of a resource whose inputs are one schema's. They are kept as they were written: a default is not state. */
export function checked(schema: ZodType<Properties>): ResourceHandler["check"] {
  return (_previous, wanted) => {
    return { inputs: wanted, failures: hasUnknowns(wanted) ? [] : failuresOf(schema, wanted) };
  };
}

/** Inputs of before and of this run, complete with their defaults, so that only what they mean is compared. */
export function completed<Value>(schema: ZodType, before: Value, after: Value): [Value, Value] {
  const [old, next] = [schema.safeParse(before), schema.safeParse(after)];
  // Values that are not known yet do not parse: then both are compared as they were written.
  return old.success && next.success ? [old.data as Value, next.data as Value] : [before, after];
}

/** Every problem of a document at once, each at its property path, in the words that a network's settings get. */
export function failuresOf(schema: ZodType, value: unknown): CheckFailure[] {
  const { error } = schema.safeParse(value, { error: words });
  return problemsOf(error?.issues ?? [], value).map(failureOf);
}

/** A problem as a check tells it: with the value, where the rule does not say it already. */
export function failureOf({ path, value, rule, fix }: Problem): CheckFailure {
  const isSaid = rule.split(/[\s,;()"]+/).includes(value?.replaceAll('"', "") ?? "");
  const told = value === undefined || isSaid ? rule : `${rule}, value ${value}`;
  return { property: path, reason: fix ? `${told}; ${fix}` : told };
}

/** Values that the engine does not know yet cannot be checked; the update will. */
export function hasUnknowns(value: unknown): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknowns);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknowns);
}
