import type { FileChange, Review } from "./review";
import { fileTitle, headline, type Section, sections } from "./sections";

/** GitHub takes 65,536 characters in a comment; what else a workflow writes there has room beside it. */
const mostBytes = 60_000;

/** Lines of a part before the others are counted. */
const mostLines = 25;

/**
 * A comment of a pull request. The last line marks it, so that a workflow finds the one that it wrote before.
 *
 * @param whole without limits, for a file
 */
export function markdownReport(review: Review, { whole = false } = {}): string {
  const [verdict, ...rest] = headline(review).split(": ");
  const mark = `<!-- podnet diff ${review.project}/${review.stack} -->`;
  const head = `**${verdict}**: ${safe(rest.join(": "))}`;
  const room = { bytes: whole ? Number.POSITIVE_INFINITY : mostBytes - size(head) - size(mark) - 200, cut: false };
  const parts = sections(review).flatMap((section) =>
    part(section, whole ? Number.POSITIVE_INFINITY : mostLines, room),
  );
  const cut = room.cut ? ["The rest is in the full report (`podnet diff --report FILE`)."] : [];
  return `${[head, ...parts, ...cut, mark].join("\n\n")}\n`;
}

/** How much may still be written, and whether something was left out. */
interface Room {
  bytes: number;
  cut: boolean;
}

function part({ title, lines, files }: Section, most: number, room: Room): string[] {
  if (files) return folded(title, files, room);
  const shown = lines.slice(0, most);
  const more = lines.length > shown.length ? [`- and ${lines.length - shown.length} more`] : [];
  if (more.length > 0) room.cut = true;
  return fitting(
    [`#### ${title}`, [...shown.map((line) => `- ${safe(line).replaceAll("\n", "\n  ")}`), ...more].join("\n")],
    room,
  );
}

/** As many diffs as there is room for, folded together. */
function folded(title: string, files: readonly FileChange[], room: Room): string[] {
  const before = `<details><summary>${title}: ${files.length} that differ</summary>`;
  room.bytes -= size(before) + size("</details>");
  const shown = files.flatMap((file) => fitting([`${safe(fileTitle(file))}`, diffBlock(file)], room));
  return shown.length > 0 ? [before, ...shown, "</details>"] : [];
}

function diffBlock({ patch }: FileChange): string {
  if (patch === undefined) return "A secret is in it: what changes is not shown.";
  const longest = Math.max(2, ...[...patch.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}diff\n${patch.trimEnd()}\n${fence}`;
}

function fitting(blocks: string[], room: Room): string[] {
  const bytes = blocks.reduce((sum, block) => sum + size(block) + 2, 0);
  if (bytes > room.bytes) {
    room.cut = true;
    return [];
  }
  room.bytes -= bytes;
  return blocks;
}

/** What comes from names and messages is text: no tag, no mention, no link of somebody's making. */
function safe(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/([`*_[\]|\\])/g, "\\$1")
    .replaceAll("@", "@\u200b");
}

function size(text: string): number {
  return Buffer.byteLength(text);
}
