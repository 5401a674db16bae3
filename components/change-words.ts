import type { Change, ChangeClass } from "./change";

/** Changes that mean the same, in words. */
export interface ChangeWords {
  class: ChangeClass;
  /** Which settings, and their values as far as they fit: "mtu 1500 → 1400". */
  settings: string;
  reason: string;
  wayRound?: string;
}

/** Settings named before the others of one reason are counted. */
const mostPaths = 3;

/** One entry a reason, so that a reviewer reads what a change means and not how often. */
export function changeWords(changes: readonly Change[], before: unknown, after: unknown): ChangeWords[] {
  return [...Map.groupBy(changes, ({ class: danger, reason }) => `${danger}: ${reason}`).values()].map((group) => {
    const [{ class: danger, reason, wayRound }] = group as [Change];
    const paths = group.slice(0, mostPaths).map(({ path }) => path + values(path, before, after));
    const more = group.length > paths.length ? ` and ${group.length - paths.length} more` : "";
    return { class: danger, settings: `${paths.join(", ")}${more}`, reason, ...(wayRound && { wayRound }) };
  });
}

const byDanger: ChangeClass[] = ["safe", "rolling", "disruptive", "refused"];

/** The most dangerous of them; safe when there is none. */
export function worst(classes: readonly ChangeClass[]): ChangeClass {
  return byDanger.findLast((danger) => classes.includes(danger)) ?? "safe";
}

/** True when one is as dangerous as the other, or more. */
export function isAtLeast(one: ChangeClass, other: ChangeClass): boolean {
  return byDanger.indexOf(one) >= byDanger.indexOf(other);
}

function values(path: string, before: unknown, after: unknown): string {
  const [from, to] = [before, after].map((settings) => shown(valueAt(settings, path.split("."))));
  return from === "" && to === "" ? "" : ` ${from || "none"} → ${to || "none"}`;
}

function valueAt(value: unknown, path: string[]): unknown {
  return path.reduce<unknown>((one, name) => (one as Record<string, unknown> | undefined)?.[name], value);
}

/** A value as far as it fits into a line; what is longer, the diff shows. */
function shown(value: unknown): string {
  const list = Array.isArray(value) ? value : [value];
  const plain = list.every((one) => ["string", "number", "boolean"].includes(typeof one));
  const text = list.join(", ");
  return plain && text.length <= 60 ? text : "";
}
