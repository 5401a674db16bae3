import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ChangeTable } from "../../components/change";
import { networkChanges } from "../../components/changes";
import { paths } from "./setting-paths";

interface Table {
  /** As a NetworkRecord names it. */
  network: string;
  schema: unknown;
  rules: Record<string, unknown>;
  changes: ChangeTable;
  /** Paths that are in a record alone. */
  recordedOnly: RegExp;
  /** The schema has more settings than this. */
  settings: number;
}

/** A network's table of changes and its settings know the same paths, and the provider knows the table. */
export function expectWholeTable({ network, schema, rules, changes, recordedOnly, settings }: Table): void {
  const all = [...new Set(paths(schema))];
  const known = Object.keys(rules);
  const holders = (path: string) => path.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));

  test("every setting has a rule that says what its change does", () => {
    const missing = all.filter(
      (path) => path !== "nodes" && !holders(path).some((one) => known.includes(one) || known.includes(`${one}.*`)),
    );
    expect(missing).toEqual([]);
    expect(all.length).toBeGreaterThan(settings);
  });

  test("every rule is of a setting that exists", () => {
    const exists = (rule: string) =>
      all.some((path) => [path, `${path}.*`].includes(rule) || path.startsWith(`${rule}.`));
    expect(known.filter((rule) => !recordedOnly.test(rule) && !exists(rule))).toEqual([]);
  });

  test("the provider knows the table", () => {
    expect(networkChanges[network]).toBe(changes);
  });
}

/**
 * Settings as they were written, and what a NetworkRecord kept of them in the release that the file is named after. With
 * GOLDEN=write a file without a record gets one.
 */
export function expectRecordedUnchanged<Written>(
  folder: string,
  changes: ChangeTable,
  record: (written: Written) => Record<string, unknown>,
): void {
  describe("recorded settings of a release, read by this one", () => {
    test.each(readdirSync(folder))("%s: the same settings are no change", (file) => {
      const path = join(folder, file);
      const kept = JSON.parse(readFileSync(path, "utf8")) as { written: Written; recorded?: unknown };
      if (process.env.GOLDEN === "write" && !kept.recorded) {
        kept.recorded = record(kept.written);
        writeFileSync(path, `${JSON.stringify(kept, null, 2)}\n`);
      }
      expect(changes(kept.recorded, record(kept.written))).toEqual([]);
    });
  });
}
