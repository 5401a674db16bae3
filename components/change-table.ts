import type { Change, ChangeClass, ChangeTable } from "./change";

/** What a change of one setting means; a function where that depends on the two values, or on the settings around it. */
export type Rule = Verdict | ((previous: unknown, next: unknown, settings: unknown) => Verdict);

export interface Verdict {
  class: ChangeClass;
  reason: string;
  wayRound?: string;
}

/**
 * Makes a network's table of changes from its rules, by the path of the setting; `*` stands for a name: "nodes.*.mtu".
 * A setting without a rule of its own has the rule of what holds it. A setting that no rule covers is refused: what
 * nobody thought about is not safe.
 */
export function changeTable(rules: Record<string, Rule>): ChangeTable {
  return (previous, next) =>
    differences(previous, next, [], rules).map(({ path, before, after }) => {
      const rule = ruleOf(rules, path);
      return {
        path: path.join("."),
        ...(typeof rule === "function" ? rule(before, after, next) : rule),
      } satisfies Change;
    });
}

interface Difference {
  path: string[];
  before: unknown;
  after: unknown;
}

/** Differences at the depth that rules speak of: a list or a value that comes or goes is one difference. */
function differences(before: unknown, after: unknown, path: string[], rules: Record<string, Rule>): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const found = isRecord(before) && isRecord(after);
  if (!found || (path.length > 0 && !hasDeeper(rules, path)))
    return sameContent(before, after) ? [] : [{ path, before, after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differences(before[name], after[name], [...path, name], rules));
}

/** A record says the same in any order of its names. */
function sameContent(before: unknown, after: unknown): boolean {
  if (!isRecord(before) || !isRecord(after)) return JSON.stringify(before) === JSON.stringify(after);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.every((name) => sameContent(before[name], after[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function matches(pattern: string, path: string[]): boolean {
  const parts = pattern.split(".");
  return path.every((name, index) => parts[index] === name || parts[index] === "*");
}

function hasDeeper(rules: Record<string, Rule>, path: string[]): boolean {
  return Object.keys(rules).some((pattern) => pattern.split(".").length > path.length && matches(pattern, path));
}

/** The rule of a setting, or of the nearest that holds it. */
function ruleOf(rules: Record<string, Rule>, path: string[]): Rule {
  for (let length = path.length; length > 0; length -= 1) {
    const part = path.slice(0, length);
    const same = Object.keys(rules).filter((one) => one.split(".").length === length && matches(one, part));
    const pattern = same.find((one) => !one.includes("*")) ?? same[0];
    if (pattern !== undefined) return rules[pattern] as Rule;
  }
  return {
    class: "refused",
    reason: `podnet does not know what a change of ${path.join(".")} does to running pods`,
    wayRound: "undo the change, and make a second network with the value beside this one",
  };
}
