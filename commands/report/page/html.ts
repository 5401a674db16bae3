import { printable } from "../../../components/node/printable";

/** Text that is HTML, or SVG, already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | readonly Part[];

/** A name longer than this is no name that anybody reads. */
const longest = 4000;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * HTML with values in it: each is escaped but for what is HTML already, between tags as in quoted attributes. What a state
 * holds came from nodes and from others' files, so there is no way to put a text in that is not escaped.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(
    strings.map((string, index) => string + (index < values.length ? written(values[index]) : "")).join(""),
  );
}

function written(value: Part): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(written).join("");
  return printable(String(value), longest).replaceAll(/[&<>"']/g, (sign) => entities[sign] as string);
}
