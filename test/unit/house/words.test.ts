import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const components = join(__dirname, "../../../components");
/** What users write is read by these; what a node or podnet itself wrote, by others. */
const read = readdirSync(components, { recursive: true, encoding: "utf8" }).filter((path) =>
  /(^|\/)(settings[\w-]*|words|state|tables|connection|schema)\.ts$/.test(path),
);
/** A pattern that is the only argument: zod then says "Invalid string: must match pattern". */
const wordless = /\.regex\(\s*\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*,?\s*\)/g;

test("a setting that must have a form says which", () => {
  expect(read.length).toBeGreaterThan(30);
  expect('z.string().regex(/^[/"]\\/$/u)').toMatch(wordless);
  const found = read.flatMap((path) =>
    [...readFileSync(join(components, path), "utf8").matchAll(wordless)].map(([match]) => `${path}: ${match}`),
  );
  expect(found).toEqual([]);
});
