import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const folder = join(__dirname, "../../unit/commands/diff/recorded");

/** Holds what `pulumi preview --json` printed against what is recorded under a name; `GOLDEN=write` records it anew. */
export function expectRecorded(name: string, output: string, project: string): void {
  const recorded = steady(output, project);
  const path = join(folder, `${name}.json`);
  if (process.env.GOLDEN === "write") writeFileSync(path, recorded);
  expect(JSON.parse(recorded, anyOrder)).toEqual(JSON.parse(readFileSync(path, "utf8"), anyOrder));
}

/** The engine names what a resource depends on in an order that is another at each run. */
const anyOrder = (key: string, value: unknown) =>
  key === "dependencies" && Array.isArray(value) ? value.toSorted() : value;

/** Without what is another at each run: paths, times, ids, and the order of what is done at a time. */
function steady(output: string, project: string): string {
  const { steps, ...digest } = JSON.parse(output.slice(output.indexOf("{\n"))) as { steps?: { urn: string }[] };
  const sorted = steps?.sort((left, right) => (left.urn < right.urn ? -1 : 1));
  const elsewhere = ["sourcePosition", "stackTrace", "created", "modified", "propertyDependencies"];
  const text = JSON.stringify(
    { steps: sorted, ...digest, duration: 0 },
    (key, value) => (elsewhere.includes(key) ? undefined : value),
    1,
  );
  return `${text
    .replaceAll(project, "/project")
    .replaceAll(/(pulumi:providers:\w+::\w+::)[\da-f-]{36}/g, "$1made")
    .replaceAll(/"made-\d+"/g, '"made"')}\n`;
}
