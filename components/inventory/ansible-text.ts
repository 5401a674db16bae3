/** Splits a line into words as a shell would: quotes hold blanks, `#` begins a comment. */
export function words(line: string): string[] {
  const found: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of line) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (character === "#" && word === undefined) {
      break;
    } else if (/\s/.test(character)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  return word === undefined ? found : [...found, word];
}

/** The hosts that an Ansible pattern with ranges stands for: `node[01:20]`, `rack[a:c]-[1:9:2]`. */
export function expandHosts(pattern: string): string[] {
  const match = /^(.*?)\[(\w+):(\w+)(?::(\d+))?\](.*)$/.exec(pattern);
  if (!match) return [pattern];
  const [, before = "", from = "", to = "", step = "1", after = ""] = match;
  return range(from, to, Number(step)).flatMap((part) => expandHosts(after).map((rest) => `${before}${part}${rest}`));
}

function range(from: string, to: string, step: number): string[] {
  const letters = /^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(to);
  const value = (text: string) => (letters ? text.charCodeAt(0) : Number(text));
  const [first, last] = [value(from), value(to)];
  if (Number.isNaN(first) || Number.isNaN(last) || first > last || step < 1) return [];
  const count = Math.floor((last - first) / step) + 1;
  return Array.from({ length: count }, (_, index) => {
    const number = first + index * step;
    return letters ? String.fromCharCode(number) : String(number).padStart(from.length, "0");
  });
}
