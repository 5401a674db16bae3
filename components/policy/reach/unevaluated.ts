/** What cannot be known from manifests, said where it stands. Collected, so that none is dropped silently. */
export type Unevaluated = string[];

/** A rule, or a part of one, that matches nothing in the evaluation. */
export function neverWords(where: string, what: string, why: string): string {
  return `${where}: ${what} is taken to match nothing; ${why}`;
}
