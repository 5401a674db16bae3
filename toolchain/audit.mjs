// `npm run audit`, before each release: nothing that is shipped has a known hole, or the release waits.
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";

/**
 * What `npm audit --json` answered, in a sentence and an exit code: 0 nothing found, 1 something found, 2 not answered,
 * which is not the same as nothing found.
 */
export function verdict(text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return {
      code: 2,
      words: `npm audit said nothing that can be read: ${text.trim().split("\n")[0] || "nothing at all"}`,
    };
  }
  const { metadata, message, error, vulnerabilities = {} } = answer;
  const total = metadata?.vulnerabilities?.total;
  if (typeof total !== "number") {
    const why = message ?? error?.summary ?? "no reason given";
    return {
      code: 2,
      words: `the registry answers no audit (${why}): run this again with one that does, before a release`,
    };
  }
  if (total === 0) return { code: 0, words: "npm audit: nothing known about what is shipped" };
  const found = Object.values(vulnerabilities).map(({ name, severity, range }) => `  ${severity}: ${name} ${range}`);
  return { code: 1, words: [`npm audit: ${total} known, see npm audit --omit=dev`, ...found].join("\n") };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json", "--loglevel=silent"], { encoding: "utf8" });
  const { code, words } = verdict(stdout ?? "");
  console.log(words);
  process.exitCode = code;
}
