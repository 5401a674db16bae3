import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const components = join(__dirname, "../../../components");
/** What Node.js has without an import, so that no rule of imports sees it. */
const reaches = /(?<![\w.$]|function )(fetch|WebSocket|EventSource)\(|globalThis\.(fetch|WebSocket|EventSource)/;

test("one file of components fetches, and no other", () => {
  expect(["fetch(url)", "new WebSocket(url)", "globalThis.fetch"].every((line) => reaches.test(line))).toBe(true);
  const found = readdirSync(components, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && reaches.test(readFileSync(join(components, path), "utf8")),
  );
  expect(found).toEqual(["kubernetes/fetched.ts"]);
});
