import { checkSelector } from "./selector-grammar";
import { readable, ValueError } from "./value-error";

const literal = (value: string) => (value.includes("'") ? `"${value}"` : `'${value}'`);

/**
 * Which endpoints, by their labels, in Calico's language: `role == 'db' && has(team)`.
 *
 * @example
 * Selector.equals("role", "db").and(Selector.has("team"))
 */
export class Selector {
  private constructor(
    private readonly text: string,
    /** Joined by || and not within parentheses. */
    private readonly loose = false,
  ) {}

  /** Every endpoint. */
  static all(): Selector {
    return new Selector("all()");
  }

  /** As a namespace selector: what is in no namespace, host endpoints and global network sets. */
  static global(): Selector {
    return new Selector("global()");
  }

  static has(label: string): Selector {
    return Selector.parse(`has(${label})`);
  }

  static equals(label: string, value: string): Selector {
    return Selector.parse(`${label} == ${literal(value)}`);
  }

  static isIn(label: string, values: readonly string[]): Selector {
    return Selector.parse(`${label} in { ${values.map(literal).join(", ")} }`);
  }

  /** Reads a selector; what is not one is refused with what was probably meant. */
  static parse(text: string): Selector {
    const problem = checkSelector(text);
    if (problem !== undefined) throw new ValueError(problem);
    return new Selector(text, text.includes("||"));
  }

  and(other: Selector): Selector {
    return new Selector(`${this.closed} && ${other.closed}`);
  }

  or(other: Selector): Selector {
    return new Selector(`${this} || ${other}`, true);
  }

  not(): Selector {
    return new Selector(`!(${this})`);
  }

  private get closed(): string {
    return this.loose ? `(${this})` : String(this);
  }

  toString(): string {
    return this.text;
  }
}

/** A selector as it may be written in settings. */
export const selector = readable(Selector);
