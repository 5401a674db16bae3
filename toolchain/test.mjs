import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildKubernetes } from "./kubernetes.mjs";
import { project } from "./places.mjs";
import { hand } from "./run.mjs";

/**
 * Runs the checks and the tests, or only the test files whose path has one of the words; ends with the count. What a
 * cluster is made of is built before all of them: beside a build no lab has the processors that its tests count on.
 */
export async function test(environment, words) {
  const options = { cwd: project, env: environment };
  const count = { passed: 0, failed: 0, skipped: 0 };
  if (words.length === 0) {
    await buildKubernetes();
    // The checks are one test more: types, style, arrows, unused code, sizes.
    if ((await hand("npm", ["run", "--silent", "check"], options)) === 0) count.passed += 1;
    else count.failed += 1;
  }
  const folder = mkdtempSync(join(tmpdir(), "podnet-test-"));
  try {
    const report = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await hand("vitest", ["run", ...reporters, ...words], options);
    add(count, report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
  console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
  return count.failed > 0 || count.passed === 0 ? 1 : 0;
}

function add(count, report, code) {
  const before = count.failed;
  let files = [];
  try {
    files = JSON.parse(readFileSync(report, "utf8")).testResults;
  } catch {
    console.error("vitest left no report: it found no test, or ended before its time");
  }
  for (const { status, assertionResults } of files) {
    const having = (...states) => assertionResults.filter((result) => states.includes(result.status)).length;
    count.passed += having("passed");
    count.skipped += having("pending", "skipped", "todo", "disabled");
    // A file that fails before its first test, or after its last, is a failure too.
    count.failed += Math.max(having("failed"), status === "failed" ? 1 : 0);
  }
  if (code !== 0 && count.failed === before) count.failed += 1;
}
