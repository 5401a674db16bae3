import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { check, tree } from "./tree";

// The tools are quick, but they share the machine with the other tests.
vi.setConfig({ testTimeout: 600_000 });

const bad = {
  "components/index.ts": ['export * from "./bridge/index";'],
  "components/bridge/index.ts": [
    'import { kubectl } from "../../commands/verify";',
    'import { objects } from "./objects";',
    "export const bridge = [kubectl, objects];",
  ],
  "components/bridge/objects.ts": [
    'import { secret } from "@pulumi/pulumi";',
    'import { connect } from "node:net";',
    'import { host } from "./host";',
    "export const objects = [secret, connect, host];",
  ],
  "components/bridge/host.ts": ['import { objects } from "./objects";', "export const host: string = () => objects;"],
  "components/bridge/settings.ts": ['import "./nowhere";', "export const unread = 1;"],
  "components/addresses/plan.ts": ['import { unread } from "../bridge/settings";', "export const plan = unread;"],
  "components/lonely.ts": ["export const lonely = 1;"],
  "commands/verify.ts": [
    'import { test } from "../test/unit/probe.test";',
    'import { build } from "vitest/node";',
    "export const kubectl = [test, build]",
  ],
  "test/unit/probe.test.ts": ["export const test = 1;"],
  "provider/main.ts": [
    'import { plan } from "../components/addresses/plan";',
    'import { host } from "../components/bridge/host";',
    'import { kubectl } from "../commands/verify";',
    "export const main = [plan, host, kubectl];",
  ],
  "lab/long.ts": Array.from({ length: 251 }, (_, line) => `export const line${line} = ${line};`),
  "lab/grown.ts": Array.from({ length: 111 }, (_, line) => `export const line${line} = ${line};`),
};

const good = {
  "components/index.ts": ['export { bridge } from "./bridge/host";', 'export { Network } from "./bridge/index";'],
  "components/bridge/index.ts": [
    'import { CustomResource } from "@pulumi/pulumi";',
    "",
    "export class Network extends CustomResource {}",
  ],
  "components/bridge/host.ts": ["/** Its name. */", 'export const bridge = "pods";'],
};

describe("a tree that breaks every rule", () => {
  let folder = "";
  beforeAll(() => {
    folder = tree(bad);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ["components-know-no-user", "components/bridge/index.ts → commands/verify.ts"],
    ["addresses-at-the-bottom", "components/addresses/plan.ts → components/bridge/settings.ts"],
    ["only-component-files-know-pulumi", "components/bridge/objects.ts → "],
    ["components-open-no-socket", "components/bridge/objects.ts → net"],
    ["provider-imports-pure-halves", "provider/main.ts → components/bridge/host.ts"],
    ["provider-loads-no-program-sdk", "provider/main.ts → "],
    ["provider-knows-no-caller", "provider/main.ts → commands/verify.ts"],
    ["shipped-knows-no-test", "commands/verify.ts → test/unit/probe.test.ts"],
    ["shipped-needs-no-dev-dependency", "commands/verify.ts → "],
    ["no-cycles", "components/bridge/"],
    ["no-unresolved", "components/bridge/settings.ts → ./nowhere"],
    ["no-orphans", "components/lonely.ts"],
  ])("the arrow %s is reported", async (rule, arrow) => {
    const { failed, text } = await arrows();
    expect(failed).toBe(true);
    expect(text).toContain(`error ${rule}: ${arrow}`);
  });

  let arrowsOnce: ReturnType<typeof check> | undefined;
  const arrows = () => {
    arrowsOnce ??= check("arrows", folder);
    return arrowsOnce;
  };

  test("a type error is reported", async () => {
    const { failed, text } = await check("types", folder);
    expect(failed).toBe(true);
    expect(text).toContain("components/bridge/host.ts(2,14): error TS2322");
  });

  test("format and import order are reported", async () => {
    const { failed, text } = await check("style", folder);
    expect(failed).toBe(true);
    expect(text).toMatch(/commands\/verify\.ts.* format/);
    expect(text).toMatch(/components\/bridge\/objects\.ts.* assist\/source\/organizeImports/);
  });

  test("a file and a dependency that nobody uses are reported", async () => {
    const { failed, text } = await check("unused", folder);
    expect(failed).toBe(true);
    expect(text).toMatch(/Unused files[\s\S]*components\/lonely\.ts/);
    expect(text).toMatch(/Unused dependencies[\s\S]*\bzod\b/);
  });

  test("a file of more than 250 lines fails, one of more than 110 is only named", async () => {
    const { failed, text } = await check("sizes", folder);
    expect(failed).toBe(true);
    expect(text).toContain("lab/long.ts: 251 lines, more than 250: split it");
    expect(text).toMatch(/^lab\/grown\.ts: 111 lines$/m);
    rmSync(join(folder, "lab/long.ts"));
    expect((await check("sizes", folder)).failed).toBe(false);
  });
});

test("a tree that breaks no rule passes", async () => {
  const folder = tree(good);
  const results = await Promise.all(["types", "style", "arrows", "sizes"].map((name) => check(name, folder)));
  rmSync(folder, { recursive: true });
  for (const { failed, text } of results) expect(failed, text).toBe(false);
});
