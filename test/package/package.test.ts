import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { house, installedProject, run } from "./install";

let root = "";
let project = "";
let files: string[] = [];

beforeAll(async () => {
  ({ root, project, files } = await installedProject());
}, 1_800_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const program = `
const network = new BridgeNetwork("pods", { nodes: Inventory.of({ nodes: {} }), podCidr: "10.244.0.0/16" });
export const routes = network.routerRoutes;
`;

test("a program imports it by name as an ES module and as CommonJS, and both have the same classes", async () => {
  writeFileSync(
    join(project, "both.mjs"),
    `import { createRequire } from "node:module";
     import { BridgeNetwork, Inventory } from "podnet";
     const required = createRequire(import.meta.url)("podnet");
     console.log(BridgeNetwork === required.BridgeNetwork, Inventory === required.Inventory, typeof BridgeNetwork);`,
  );
  expect((await run(project, "node", "both.mjs")).trim()).toBe("true true function");
});

test("it uses the Pulumi SDK of the program, not one of its own", async () => {
  writeFileSync(
    join(project, "sdk.cjs"),
    `const { ComponentResource } = require("@pulumi/pulumi");
     console.log(require("podnet").BridgeNetwork.prototype instanceof ComponentResource);`,
  );
  expect((await run(project, "node", "sdk.cjs")).trim()).toBe("true");
});

const clouds = [
  ["aws", "AwsRoutes", "@pulumi/aws@^7.0.0"],
  ["gcp", "GcpRoutes", "@pulumi/gcp@^9.0.0"],
  ["alicloud", "AlicloudRoutes", "@pulumi/alicloud@^3.108.0"],
] as const;

test("it loads no cloud's SDK, and none is installed with it", async () => {
  writeFileSync(
    join(project, "loaded.cjs"),
    `require("podnet");
     console.log(Object.keys(require.cache).filter((path) => /@pulumi.(aws|gcp|alicloud|kubernetes)/.test(path)).length);`,
  );
  expect((await run(project, "node", "loaded.cjs")).trim()).toBe("0");
  expect(readdirSync(join(project, "node_modules/@pulumi"))).toEqual(["pulumi"]);
});

test.each(clouds)("podnet/%s without its SDK says in one sentence what to install", async (entry, name, sdk) => {
  writeFileSync(
    join(project, "missing.mjs"),
    `import("podnet/${entry}").then(({ ${name} }) => console.log(typeof ${name}), ({ message }) => console.log(message));`,
  );
  const words = sdk.slice(0, sdk.lastIndexOf("@"));
  expect((await run(project, "node", "missing.mjs")).trim()).toBe(
    `podnet/${entry} needs ${words}, which is not installed: npm install ${sdk}`,
  );
});

test.each(clouds)("podnet/%s with its SDK has %s, in both module systems, and its types", async (entry, name) => {
  // The SDK stands where npm would put it; a link would bring the Pulumi SDK of this checkout along.
  const sdk = join(project, "node_modules/@pulumi", entry);
  cpSync(join(house, "node_modules/@pulumi", entry), sdk, { recursive: true });
  cpSync(join(house, "node_modules/mime"), join(project, "node_modules/mime"), { recursive: true });
  try {
    writeFileSync(
      join(project, "cloud.mts"),
      `import { ${name} } from "podnet/${entry}";
       import { BridgeNetwork, Inventory } from "podnet";
       const network = new BridgeNetwork("pods", { nodes: Inventory.of({ nodes: {} }), podCidr: "10.244.0.0/16" });
       export const args: ConstructorParameters<typeof ${name}>[1]["network"] = network;`,
    );
    const options = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--skipLibCheck"];
    await run(project, join(house, "node_modules/.bin/tsc"), ...options, "cloud.mts");
    writeFileSync(
      join(project, "cloud.mjs"),
      `import { createRequire } from "node:module";
       import { ${name} } from "podnet/${entry}";
       import { ComponentResource } from "@pulumi/pulumi";
       const required = createRequire(import.meta.url)("podnet/${entry}");
       console.log(required.${name} === ${name}, ${name}.prototype instanceof ComponentResource);`,
    );
    expect((await run(project, "node", "cloud.mjs")).trim()).toBe("true true");
  } finally {
    rmSync(sdk, { recursive: true, force: true });
  }
});

test.each(["esm.mts", "commonjs.cts"])("types resolve for a program %s", async (file) => {
  writeFileSync(join(project, file), `import { BridgeNetwork, Inventory } from "podnet";\n${program}`);
  const options = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--skipLibCheck"];
  await run(project, join(house, "node_modules/.bin/tsc"), ...options, file);
});

test("a misspelt option is a type error", async () => {
  const wrong = program.replace("podCidr", "podCIDR");
  writeFileSync(join(project, "wrong.mts"), `import { BridgeNetwork, Inventory } from "podnet";\n${wrong}`);
  const options = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--skipLibCheck"];
  await expect(run(project, join(house, "node_modules/.bin/tsc"), ...options, "wrong.mts")).rejects.toThrow("podCIDR");
});

test("the engine's plugin starts from the project's node_modules and says its port", async () => {
  const bin = join(project, "node_modules/.bin");
  const plugin = spawn(join(bin, "pulumi-resource-podnet"), ["127.0.0.1:1"], {
    env: { ...process.env, PATH: `${house}/node_modules/.bin:${process.env.PATH}` },
  });
  const [line] = await once(plugin.stdout, "data");
  plugin.kill();
  expect(Number(String(line).trim())).toBeGreaterThan(1023);
});

test("podnet's command answers from the project's node_modules", async () => {
  expect(await run(project, join(project, "node_modules/.bin/podnet"), "--help")).toContain("verify");
});

test("it holds what runs, its documents and nothing else", () => {
  const kinds = new Set(files.map((path) => path.replace(/^(dist\/\w+|docs|provider\/plugin|toolchain)\/.*/, "$1")));
  expect([...kinds].sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist/commands",
    "dist/components",
    "dist/lab",
    "dist/provider",
    "dist/sbom.cdx.json",
    "docs",
    "package.json",
    "provider/plugin",
    "toolchain",
  ]);
  expect(
    files.filter((path) => path.startsWith("dist") && !/\.(js|d\.ts)$|^dist\/sbom\.cdx\.json$/.test(path)),
  ).toEqual([]);
});

test("it brings a list of all that it installs, each with its exact version and licence", () => {
  const list = JSON.parse(readFileSync(join(project, "node_modules/podnet/dist/sbom.cdx.json"), "utf8"));
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(house, "package.json"), "utf8"));
  const listed = Object.fromEntries(
    list.components.map(({ group, name, version }: Record<string, string>) => [
      group ? `${group}/${name}` : name,
      version,
    ]),
  );
  expect(list).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { purl: expect.stringMatching(/^pkg:npm\/podnet@/) } },
  });
  expect(listed).toMatchObject(dependencies);
  expect(listed).not.toHaveProperty("vitest");
  for (const version of [...Object.values(dependencies), ...Object.values(devDependencies)])
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
