import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { page as written } from "../../commands/report/page/page";
import { readProbes } from "../../commands/report/probes";
import { reportOf } from "../../commands/report/report";
import { shop } from "../unit/commands/report/shop";
import { stateOf } from "../unit/commands/report/state";
import { Viewer } from "./browser";

let viewer: Viewer;
beforeAll(async () => {
  viewer = await Viewer.start();
});
afterAll(() => viewer?.stop());

const small = written(reportOf(stateOf({ nodes: 3, segments: 2 }).text, shop));
const lost = { reachable: false, message: "no route to host" };
const thousand = stateOf({ nodes: 1000, segments: 3, answer: (from) => (from === 400 ? lost : {}) });
const large = written(reportOf(thousand.text, shop, readProbes(thousand.probes)));

/** What axe-core finds wrong for people who read with a keyboard, a screen reader or little contrast. */
async function barriers(page: Page): Promise<string[]> {
  // The page's own policy lets no script of others run, axe's neither: it is put in from outside of the page's world.
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html}`));
}

const shownRows = (page: Page, table: string) =>
  page.$$eval(`#${table} tbody tr`, (rows) => rows.filter((row) => row.checkVisibility()).length);
const overflow = (page: Page) => page.evaluate("document.documentElement.scrollWidth - innerWidth") as Promise<number>;

describe.each([
  ["3 nodes", small],
  ["1,000 nodes", large],
])("a report of %s", (_, report) => {
  test.each(["light", "dark"])(
    "has no barrier, asks for nothing and breaks no rule of its own in %s",
    async (theme) => {
      const { page, asked, errors } = await viewer.open(report, { theme });
      expect(await barriers(page)).toEqual([]);
      expect([asked, errors]).toEqual([[], []]);
      const dark = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(dark).toBe(theme === "dark" ? "rgb(20, 23, 28)" : "rgb(255, 255, 255)");
      await page.close();
    },
  );

  test("is as wide as the screen, of a desk or of a telephone", async () => {
    for (const width of [1240, 390]) {
      const { page } = await viewer.open(report, { width });
      expect(await overflow(page)).toBe(0);
      await page.close();
    }
  });
});

test("nodes are found by their words, and how many are shown is said", async () => {
  const { page } = await viewer.open(large);
  expect(await shownRows(page, "nodes-0")).toBe(0);
  await page.click("details > summary");
  expect(await shownRows(page, "nodes-0")).toBe(1000);
  await page.type('input[data-table="nodes-0"]', "failing rack2");
  expect(await shownRows(page, "nodes-0")).toBe(1);
  expect(await page.$eval("#said", (element) => element.textContent)).toBe("1 of 1000 rows shown");
  await page.close();
});

test("who reaches whom is narrowed by sender and by receiver", async () => {
  const { page } = await viewer.open(small);
  await page.type('input[data-table="reach"][data-axis="row"]', "web");
  await page.type('input[data-table="reach"][data-axis="column"]', "db");
  const cells = await page.$$eval("#reach :is(th, td)", (all) =>
    all.filter((cell) => cell.checkVisibility()).map((cell) => cell.textContent),
  );
  expect(cells).toEqual(["from ↓ to →", "shop/Deployment/db", "shop/Deployment/web", "TCP 5432"]);
  await page.close();
});

test("a keyboard reaches the content, and folds parts open", async () => {
  const { page } = await viewer.open(large);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("To the content");
  await page.focus("details > summary");
  await page.keyboard.press("Enter");
  expect(await shownRows(page, "nodes-0")).toBe(1000);
  await page.close();
});

test("without a script everything is there, but for fields that would do nothing", async () => {
  const { page } = await viewer.open(small, { script: false });
  const tree = JSON.stringify(await page.accessibility.snapshot());
  expect(tree).toContain("node3");
  expect(tree).not.toContain("searchbox");
  await page.close();
});

test("hostile names are words on the page, and nothing of them runs", async () => {
  const evil = `"><img src=x onerror="window.hit=1"></script><script>window.hit=1</script><b title='`;
  const { text } = stateOf({
    nodes: 3,
    edit: (one) => ({
      ...one,
      initErrors: [evil],
      ...(one.type === "podnet:index:NetworkRecord" && { urn: `${one.urn.replace(/pods$/, "")}${evil}` }),
    }),
  });
  const { page, asked, errors } = await viewer.open(written(reportOf(text)));
  expect(await page.evaluate("window.hit")).toBeUndefined();
  expect(await page.$$eval("img, b, main script", (all) => all.length)).toBe(0);
  expect(await page.$eval("h2", (element) => element.textContent)).toBe(`${evil} bridge`);
  expect([asked, errors]).toEqual([[], []]);
  await page.close();
});
