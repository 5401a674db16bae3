import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

/** A golden case: the settings, and what comes of them, as YAML for people to read. */
export interface Case<Written> {
  name: string;
  settings: Written;
  expected: string;
  path: string;
}

/** With GOLDEN=write the files are written anew, for a person to look at the difference and commit it. */
const writing = process.env.GOLDEN === "write";

/** The cases of a folder: NAME.settings.yaml is what a user writes, NAME.yaml what it becomes. */
export function casesIn<Written>(folder: string): Case<Written>[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".settings.yaml"));
  return files.map((file) => {
    const name = file.replace(".settings.yaml", "");
    const path = join(folder, `${name}.yaml`);
    return {
      name,
      settings: parse(readFileSync(join(folder, file), "utf8")) as Written,
      expected: existsSync(path) ? readFileSync(path, "utf8") : "",
      path,
    };
  });
}

/** What came of a case, as its file should have it. */
export function golden({ path, expected }: Case<unknown>, documents: object[]): { got: string; expected: string } {
  const got = documents.map((one) => stringify(one, { lineWidth: 0, blockQuote: "literal" })).join("---\n");
  if (writing) writeFileSync(path, got);
  return { got, expected: writing ? got : expected };
}
