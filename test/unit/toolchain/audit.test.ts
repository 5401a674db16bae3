import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";

let verdict: (text: string) => { code: number; words: string };
beforeAll(async () => {
  ({ verdict } = await import(join(__dirname, "../../../toolchain/audit.mjs")));
});

const report = (total: number, vulnerabilities = {}) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: { total } } });

test("nothing found lets a release go on", () => {
  expect(verdict(report(0)).code).toBe(0);
});

test("what is found is named, and ends the release", () => {
  const hole = { yaml: { name: "yaml", severity: "high", range: "<2.9.0" } };
  expect(verdict(report(1, hole))).toEqual({ code: 1, words: expect.stringContaining("high: yaml <2.9.0") });
});

test.each([
  ['{"message":"405 Method Not Allowed"}', "the registry answers no audit (405 Method Not Allowed)"],
  ['{"error":{"code":"ENOLOCK","summary":"no lock"}}', "no lock"],
  ["", "nothing at all"],
  ["<html>", "<html>"],
])("no answer (%s) is not taken for nothing found", (text, words) => {
  expect(verdict(text)).toEqual({ code: 2, words: expect.stringContaining(words) });
});
