/** Terminal control sequences: CSI (colours, cursor), strings such as OSC (titles, links, clipboard), other escapes. */
const sequences = new RegExp(
  [
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]",
    "(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c\\n]*(?:\\u0007|\\u001b\\\\|\\u009c)",
    "\\u001b[ -/]*[0-~]?",
  ].join("|"),
  "g",
);

/** What else moves a cursor or turns text round: C0 and C1 but for tab and newline, and Unicode's direction marks. */
const controls = /[^\P{Cc}\t\n]|[\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Text from a node, or from anywhere else, as it may be shown on a terminal and kept in a log: a node must neither
 * write over what a person reads nor fill it.
 *
 * @param limit characters that are shown; the rest is counted
 */
export function printable(text: string, limit = 2000): string {
  const clean = text.slice(0, limit).replaceAll(sequences, "").replaceAll(controls, "");
  return text.length > limit ? `${clean}… (${text.length - limit} more characters)` : clean;
}
