import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const house = resolve(__dirname, "../..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: house });
const read = (page: string) => readFileSync(join(house, page), "utf8");

/** What stands between fences or back quotes is not read as a link. */
const withoutCode = (text: string) => text.replaceAll(/^```.*?^```/gms, "").replaceAll(/`[^`\n]*`/g, "");

/** A heading's anchor, as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

const anchors = (page: string) =>
  [
    ...read(page)
      .replaceAll(/^```.*?^```/gms, "")
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading]) => anchor(heading ?? ""));

/** Links that lead nowhere, as "target (reason)". */
function broken(page: string): string[] {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? "");
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .flatMap((target) => {
      const [path = "", fragment] = target.split("#");
      const file = path === "" ? page : relative(house, resolve(house, dirname(page), path));
      if (!existsSync(join(house, file))) return [`${target} (no such file)`];
      if (fragment && !anchors(file).includes(fragment)) return [`${target} (no such heading)`];
      return [];
    });
}

function publicNames(): string[] {
  const path = join(house, "components/index.ts");
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
}

describe("documents", () => {
  test.each(pages)("every link of %s leads to a file and a heading that exist", (page) => {
    expect(broken(page)).toEqual([]);
  });

  test("every public name is written about", () => {
    const names = publicNames();
    const text = pages
      .filter((page) => page !== "CHANGELOG.md")
      .map(read)
      .join("\n");
    expect(names).toContain("BridgeNetwork");
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  test("every npm script that a page names exists", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/(?:^|`)npm (?:run )?([a-z][\w:]*)/gm)].map(([, name]) => name ?? ""),
    );
    const builtIn = ["audit", "ci", "exec", "install", "pack", "publish"];
    const known = [...Object.keys(scripts), ...builtIn];
    expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([]);
  });
});
