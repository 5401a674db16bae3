import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { missingPlugin } from "../../components/plugin";

let root: string;
let cwd: string;
const environment = () => ({ PULUMI_HOME: join(root, "home"), PATH: join(root, "bin") });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "podnet-plugin-"));
  cwd = join(root, "project/program");
  for (const folder of [cwd, join(root, "bin"), join(root, "home/plugins")]) mkdirSync(folder, { recursive: true });
});

test("without a plugin the user is told how to wire it", () => {
  expect(missingPlugin({ cwd, environment: environment() })).toMatchObject({
    rule: expect.stringContaining("will not find podnet's provider plugin"),
    fix: expect.stringContaining("plugins: { providers: [{ name: podnet"),
  });
});

test("an entry in a Pulumi.yaml above is enough, if its path leads somewhere", () => {
  writeFileSync(
    join(root, "project/Pulumi.yaml"),
    "name: x\nplugins:\n  providers:\n    - {name: podnet, path: ../provider}\n",
  );
  expect(missingPlugin({ cwd, environment: environment() })).toMatchObject({
    value: join(root, "provider"),
    rule: expect.stringContaining("does not exist"),
  });
  mkdirSync(join(root, "provider"));
  expect(missingPlugin({ cwd, environment: environment() })).toBeUndefined();
});

test("so is the executable on PATH, unless the engine is told not to look there", () => {
  writeFileSync(join(root, "bin/pulumi-resource-podnet"), "");
  expect(missingPlugin({ cwd, environment: environment() })).toBeUndefined();
  expect(
    missingPlugin({ cwd, environment: { ...environment(), PULUMI_IGNORE_AMBIENT_PLUGINS: "true" } }),
  ).toBeDefined();
});

test("so is an installed release, or a running one that is attached", () => {
  expect(
    missingPlugin({ cwd, environment: { ...environment(), PULUMI_DEBUG_PROVIDERS: "aws:1,podnet:2" } }),
  ).toBeUndefined();
  mkdirSync(join(root, "home/plugins/resource-podnet-v0.1.0"));
  expect(missingPlugin({ cwd, environment: environment() })).toBeUndefined();
});
