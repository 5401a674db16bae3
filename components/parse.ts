import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Problem } from "./addresses/problem";
import { refuse } from "./errors";

/**
 * Reads what a user wrote against a schema and further rules, and refuses with every problem at once.
 *
 * Rules that compare fields need a whole document: they are also asked of what remains when the fields with problems
 * are taken away, so that a misspelled option does not hide an overlapping range until the next run.
 */
export function parse<T extends z.ZodType>(
  subject: string,
  schema: T,
  value: unknown,
  rules: (settings: z.output<T>) => Problem[] = () => [],
): z.output<T> {
  const result = schema.safeParse(value, { error: words });
  if (!result.success) {
    const rest = salvage(schema, value, result.error.issues);
    refuse(subject, [...problemsOf(result.error.issues, value), ...(rest === undefined ? [] : rules(rest))]);
  }
  refuse(subject, rules(result.data as z.output<T>));
  return result.data as z.output<T>;
}

/** zod's issues as problems; values under names that can hold a secret are not shown. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], value: unknown): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    if (issue.code === "invalid_union" && issue.errors.length > 0) return problemsOf(likeliest(issue), value);
    const path = z.core.toDotPath(issue.path);
    if (issue.code === "unrecognized_keys") return issue.message.split("\n").map((rule) => ({ path, rule }));
    const found = valueAt(value, issue.path);
    const shown =
      /string|number|boolean/.test(typeof found) && !/key|secret|pass|psk|content|token|url|^value$/i.test(path);
    const rule = issue.code === "invalid_key" ? issue.issues.map(({ message }) => message).join(", ") : issue.message;
    return [{ path, rule, ...(shown && { value: JSON.stringify(found) }) }];
  });
}

/** The branch of a union that came furthest before it failed, with paths from the document's root. */
function likeliest(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  const depth = (branch: z.core.$ZodIssue[]) => Math.max(...branch.map(({ path }) => path.length));
  const best = issue.errors.reduce((one, other) => (depth(other) > depth(one) ? other : one));
  const areAll = (code: string) =>
    issue.errors.every((branch) => depth(branch) === 0 && branch.every((inner) => inner.code === code));
  if (areAll("invalid_format")) {
    const message = issue.errors.map((branch) => branch[0]?.message).join(" or ");
    return [{ ...best[0], path: issue.path, message } as z.core.$ZodIssue];
  }
  if (!areAll("invalid_type")) return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  const expected = issue.errors
    .flat()
    .map((inner) => ("expected" in inner ? inner.expected : ""))
    .join(" or ");
  return [{ ...best[0], path: issue.path, message: `expected ${expected}` } as z.core.$ZodIssue];
}

/** What zod leaves to others to say: which options there are, in the place of "Unrecognized key" and "Invalid input". */
export function words(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_union") return unknownKind(issue);
  return issue.code === "unrecognized_keys" ? unknownOption(issue) : undefined;
}

function unknownKind({ options }: z.core.$ZodRawIssue): string | undefined {
  if (!Array.isArray(options)) return undefined;
  return `expected one of ${options.map((option) => JSON.stringify(option)).join(", ")}`;
}

function unknownOption(issue: z.core.$ZodRawIssue): string {
  const known = Object.keys((issue.inst as z.ZodObject | undefined)?.def.shape ?? {});
  return (issue.keys as string[])
    .map((key) => {
      const near = known
        .map((name) => ({ name, changes: distance(name.toLowerCase(), key.toLowerCase()) }))
        .sort((left, right) => left.changes - right.changes)[0];
      const meant = near && near.changes <= 3 ? `did you mean "${near.name}"?` : `known are: ${known.join(", ")}`;
      return `unknown option "${key}"; ${meant}`;
    })
    .join("\n");
}

/** What can still be read when the parts with problems, or if need be what is around them, are taken away. */
function salvage<T extends z.ZodType>(schema: T, value: unknown, issues: readonly z.core.$ZodIssue[]) {
  for (let up = 0; up < 4; up += 1) {
    const rest = copy(value);
    for (const { path, ...issue } of issues) {
      const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
      for (const one of paths) remove(rest, one.slice(0, Math.max(1, one.length - up)));
    }
    const result = schema.safeParse(withoutHoles(rest));
    if (result.success) return result.data;
  }
  return undefined;
}

function isPlain(value: unknown): value is Record<PropertyKey, unknown> {
  return Array.isArray(value) || (typeof value === "object" && value?.constructor === Object);
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)])) : value;
}

function withoutHoles(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== undefined).map(withoutHoles);
  return isPlain(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutHoles(one)]))
    : value;
}

function remove(value: unknown, path: readonly PropertyKey[]): void {
  const holder = valueAt(value, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined || !isPlain(holder)) return;
  if (Array.isArray(holder)) holder[Number(last)] = undefined;
  else delete holder[last];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((one, key) => (isPlain(one) ? one[key] : undefined), value);
}
