import { checkSelector, type Token, tokens } from "../../calico/policy/selector-grammar";

type Labels = Readonly<Record<string, string>>;
export type Test = (labels: Labels) => boolean;

/** The label that every pod has, and what is in no namespace has not. */
export const namespaceLabel = "projectcalico.org/namespace";

/** A selector of Calico's language as a question to labels; the text has been checked. */
export function calicoTest(selector: string): Test {
  if (selector.trim() === "") return () => true;
  const problem = checkSelector(selector);
  if (problem !== undefined) throw new Error(problem);
  return new Reading(tokens(selector)).either();
}

/** Reads words from left to right: || binds least, then &&, then !. */
class Reading {
  private at = 0;

  constructor(private readonly list: readonly Token[]) {}

  either(): Test {
    const parts = this.parts("||", () => this.both());
    return (labels) => parts.some((part) => part(labels));
  }

  private both(): Test {
    const parts = this.parts("&&", () => this.one());
    return (labels) => parts.every((part) => part(labels));
  }

  private parts(operator: string, part: () => Test): Test[] {
    const found = [part()];
    while (this.next.text === operator && this.next.kind === "operator") {
      this.at += 1;
      found.push(part());
    }
    return found;
  }

  private one(): Test {
    const { kind, text } = this.take();
    if (text === "!" && kind === "operator") {
      const inner = this.one();
      return (labels) => !inner(labels);
    }
    if (text === "(" && kind === "operator") {
      const inner = this.either();
      this.take();
      return inner;
    }
    return kind === "call" ? call(text) : this.comparison(text);
  }

  private comparison(label: string): Test {
    const operator = this.take().text.replaceAll(/\s+/g, " ");
    if (operator === "in" || operator === "not in") {
      const values = this.set();
      const within = operator === "in";
      // A label that is absent is in no set.
      return (labels) => (labels[label] !== undefined && values.has(labels[label])) === within;
    }
    const value = unquoted(this.take());
    if (operator === "==") return (labels) => labels[label] === value;
    if (operator === "!=") return (labels) => labels[label] !== value;
    if (operator === "contains") return (labels) => labels[label]?.includes(value) ?? false;
    if (/^starts/.test(operator)) return (labels) => labels[label]?.startsWith(value) ?? false;
    return (labels) => labels[label]?.endsWith(value) ?? false;
  }

  private set(): ReadonlySet<string> {
    const values = new Set<string>();
    this.take();
    for (let word = this.take(); word.text !== "}" || word.kind === "text"; word = this.take())
      if (word.kind === "text") values.add(unquoted(word));
    return values;
  }

  private get next(): Token {
    return this.list[this.at] as Token;
  }

  private take(): Token {
    this.at += 1;
    return this.list[this.at - 1] as Token;
  }
}

function call(text: string): Test {
  const label = /^has\(\s*([^\s)]+)\s*\)$/.exec(text)?.[1];
  if (label !== undefined) return (labels) => labels[label] !== undefined;
  return text.startsWith("global") ? (labels) => labels[namespaceLabel] === undefined : () => true;
}

const unquoted = ({ text }: Token) => text.slice(1, -1);
