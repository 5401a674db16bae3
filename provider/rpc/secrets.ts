/** Shorter values are marked where they stand, but not looked for elsewhere: "root" is in many a word. */
const shortest = 6;

/** Every secret that this process was given, for words that outlive the call they came in. */
const everSeen = new Set<string>();

export type Path = readonly (string | number)[];

/**
 * What came marked as secret in one call. It goes back marked: at the same place, and wherever else its text turns up;
 * out of words for people it is taken.
 */
export class Secrets {
  readonly #places = new Set<string>();
  readonly #texts = new Set<string>();
  readonly #lines = new Set<string>();

  add(path: Path, value: unknown): void {
    this.#places.add(JSON.stringify(path));
    for (const text of texts(value)) {
      this.#texts.add(text);
      if (text.length >= shortest) for (const line of forms(text)) this.#remember(line);
      // A tool may quote one line of a secret file in its error.
      for (const line of text.split("\n")) if (line.trim().length >= 12) this.#remember(line.trim());
    }
  }

  marks(path: Path, value: unknown): boolean {
    if (this.#places.size === 0) return false;
    return this.#places.has(JSON.stringify(path)) || (typeof value === "string" && this.#holds(value));
  }

  redact(words: string): string {
    return without(words, this.#lines);
  }

  #remember(line: string): void {
    this.#lines.add(line);
    everSeen.add(line);
  }

  #holds(value: string): boolean {
    if (this.#texts.has(value)) return true;
    return [...this.#texts].some((text) => text.length >= shortest && forms(text).some((form) => value.includes(form)));
  }
}

/** Words without any secret that this process was given, in whatever call. */
export function redact(words: string): string {
  return without(words, everSeen);
}

/** The longest first, so that no rest of a text stays behind when a part of it is taken out. */
function without(words: string, secrets: Set<string>): string {
  return [...secrets]
    .sort((one, other) => other.length - one.length)
    .reduce((rest, line) => rest.replaceAll(line, "[secret]"), words);
}

/** As it is, and as it stands within JSON. */
function forms(text: string): string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1)])];
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
