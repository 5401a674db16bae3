import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const house = resolve(__dirname, "../..");
const read = (path: string) => readFileSync(join(house, path), "utf8");

/** All words that the tool can print, long sentences in one piece: `"one " + "two"` is "one two". */
const sources = globSync("{components,provider,commands}/**/*.ts", { cwd: house })
  .map(read)
  .join("\n")
  .replaceAll(/["`]\s*\+\s*["`]/g, "")
  .replaceAll("\\n", "\n");

/** The lines in a page's `text` blocks, in the parts between "…", which stand for what differs. */
function quoted(page: string): string[] {
  const blocks = [...read(page).matchAll(/^ *```text\n(.*?)^ *```$/gms)].map(([, block]) => block ?? "");
  return [...blocks.flatMap((block) => block.split("\n")), ...tabled(page)].flatMap((line) => line.trim().split("…"));
}

/** What stands in code in the first column of a page's tables: reasons, and what was printed. */
function tabled(page: string): string[] {
  const cells = [...read(page).matchAll(/^\| ([^|]*`[^|]*) \|/gm)].map(([, cell]) => cell ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, words]) => words ?? ""));
}

const pages = globSync("docs/runbooks/*.md", { cwd: house });

test.each(pages)("the words in %s are those that are printed", (page) => {
  const parts = quoted(page).filter((part) => /\w{2}/.test(part));
  expect(parts.length).toBeGreaterThan(2);
  // Where a value is put in, the source has a `${…}`: what stands before and after it must be there.
  expect(parts.filter((part) => !sources.includes(part.replaceAll(/^[:; )]+|[:; (]+$/g, "")))).toEqual([]);
});

test("reasons in a table are among them", () => {
  expect(tabled("docs/runbooks/rolled-back.md")).toContain("the change was not confirmed in time");
  expect(tabled("docs/runbooks/README.md")).toContain("waits for the change of …");
});

test("every runbook is found from the list", () => {
  const list = read("docs/runbooks/README.md");
  const names = pages.map((page) => page.split("/").at(-1) ?? "").filter((name) => name !== "README.md");
  expect(names.filter((name) => !list.includes(`(${name})`))).toEqual([]);
});
