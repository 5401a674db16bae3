/** One word of a selector and where it begins. */
export interface Token {
  kind: "operator" | "text" | "label" | "call" | "end";
  text: string;
  at: number;
}

const patterns: [Token["kind"], RegExp][] = [
  ["call", /^(has\(\s*[\w./-]+\s*\)|all\(\s*\)|global\(\s*\))/],
  ["text", /^("[^"]*"|'[^']*')/],
  ["operator", /^(==|!=|&&|\|\||[!(){},])/],
  ["label", /^[\w./-]+/],
];

/** Operators that are words, and labels anywhere but after a label. */
const words: [Token["kind"], RegExp] = ["operator", /^(not\s+in|in|contains|starts\s*with|ends\s*with)(?![\w./-])/];

/** What people write instead, from other languages of selectors. */
const meant: [RegExp, string][] = [
  [/^=(?!=)/, "=="],
  [/^&(?!&)/, "&&"],
  [/^\|(?!\|)/, "||"],
  [/^<>/, "!="],
];

class Refusal extends Error {}

/** What is wrong with a selector of Calico's language (libcalico-go's parser), with the likely meaning; or nothing. */
export function checkSelector(selector: string): string | undefined {
  try {
    const rest = orExpression(tokens(selector));
    const left = rest[0] as Token;
    if (left.kind !== "end")
      throw new Refusal(`"${left.text}" is left over at character ${left.at + 1}${joined(left)}`);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return `"${selector}" is not a selector: ${error.message}`;
    throw error;
  }
}

function joined({ text }: Token): string {
  const word = { and: "&&", or: "||", AND: "&&", OR: "||", ",": "&&" }[text];
  return word ? `; did you mean ${word}?` : "";
}

/** A selector's words; the last is the end. */
export function tokens(selector: string): Token[] {
  const found: Token[] = [];
  let rest = selector.trimStart();
  while (rest !== "") {
    const at = selector.length - rest.length;
    const wrong = meant.find(([pattern]) => pattern.test(rest));
    if (wrong) throw new Refusal(`there is no operator like this at character ${at + 1}; did you mean ${wrong[1]}?`);
    const match = (found.at(-1)?.kind === "label" ? [words, ...patterns] : patterns)
      .map(([kind, pattern]) => ({ kind, text: pattern.exec(rest)?.[0] }))
      .find(({ text }) => text !== undefined);
    if (match?.text === undefined)
      throw new Refusal(`nothing begins like this at character ${at + 1}: ${rest.slice(0, 12)}`);
    found.push({ kind: match.kind, text: match.text, at });
    rest = rest.slice(match.text.length).trimStart();
  }
  return [...found, { kind: "end", text: "the end", at: selector.length }];
}

type Rest = readonly Token[];

function orExpression(list: Rest): Rest {
  return chain(list, "||", (part) => chain(part, "&&", operation));
}

function chain(list: Rest, operator: string, part: (list: Rest) => Rest): Rest {
  let rest = part(list);
  while (rest[0]?.text === operator && rest[0].kind === "operator") rest = part(rest.slice(1));
  return rest;
}

function operation(list: Rest): Rest {
  const [first, second, third] = list as [Token, Token?, Token?];
  if (first.text === "!") return operation(list.slice(1));
  if (first.kind === "call") return list.slice(1);
  if (first.text === "(" && first.kind === "operator") return expect(orExpression(list.slice(1)), ")");
  if (first.kind !== "label")
    throw new Refusal(`a label, has(), all() or ( is asked for at character ${first.at + 1}, not ${first.text}`);
  if (second?.kind !== "operator" || ["(", ")", "{", "}", ",", "!", "&&", "||"].includes(second.text))
    throw new Refusal(`the label ${first.text} stands alone; did you mean has(${first.text})?`);
  if (/in$/.test(second.text)) return setOf(first, second, list.slice(2));
  if (third?.kind !== "text")
    throw new Refusal(
      third?.kind === "label"
        ? `the value ${third.text} has no quotes; did you mean ${first.text} ${second.text} '${third.text}'?`
        : `a value in quotes is asked for after ${first.text} ${second.text}`,
    );
  return list.slice(3);
}

function setOf(label: Token, operator: Token, list: Rest): Rest {
  if (list[0]?.text !== "{")
    throw new Refusal(
      `${label.text} ${operator.text} asks for a set; did you mean ${label.text} ${operator.text} { 'a', 'b' }?`,
    );
  let rest = list.slice(1);
  while (rest[0]?.kind === "text") {
    rest = rest.slice(1);
    if (rest[0]?.text !== ",") break;
    rest = rest.slice(1);
  }
  if (rest[0]?.kind === "label")
    throw new Refusal(`the value ${rest[0].text} has no quotes; did you mean '${rest[0].text}'?`);
  return expect(rest, "}");
}

function expect(rest: Rest, text: string): Rest {
  const [first] = rest as [Token];
  if (first.text === text) return rest.slice(1);
  throw new Refusal(`${text} is asked for at character ${first.at + 1}, not ${first.text}`);
}
