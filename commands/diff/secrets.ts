import { isDeepStrictEqual } from "node:util";

type Properties = Record<string, unknown>;

/** How the engine prints a secret. */
export const secret = "[secret]";

/** A secret that is another one than before. */
const changed = `${secret}, another one`;

/**
 * The properties after a change, with a mark on secrets that differ: both sides of them print alike, and only the paths
 * that the provider gave tell that they are not.
 *
 * @param differing property paths, such as "state.files[2].content"
 */
export function marked(before: Properties | undefined, after: Properties, differing: readonly string[]): Properties {
  return differing.reduce((whole, path) => markedAt(before, whole, namesOf(path)) as Properties, after);
}

function markedAt(before: unknown, after: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  // What a secret holds has no paths of its own here.
  if (name === undefined || !isBranch(before) || !isBranch(after))
    return isDeepStrictEqual(before, after) ? everySecret(after) : after;
  const value = markedAt(before[name], after[name], rest);
  if (Array.isArray(after)) return after.map((one, index) => (String(index) === name ? value : one));
  return name in after ? { ...after, [name]: value } : after;
}

function everySecret(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(secret, changed);
  if (Array.isArray(value)) return value.map(everySecret);
  if (!isBranch(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, everySecret(one)]));
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function namesOf(path: string): string[] {
  return [...path.matchAll(/\["(.*?)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => (quoted ?? index ?? plain) as string,
  );
}
