import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

export const house = resolve(__dirname, "../..");

// What `npm pack` reads. It builds in a copy: others use this checkout's dist at the same time.
const sources = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "commands",
  "components",
  "docs",
  "lab",
  "package-lock.json",
  "package.json",
  "provider",
  "stacks",
  "toolchain",
  "tsconfig.json",
];

/** A command's words as a team would type them, with this house's Node.js first on the PATH. */
export async function run(folder: string, program: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, PATH: `${house}/node_modules/.bin:${process.env.PATH}` };
  const { stdout } = await promisify(execFile)(program, args, { cwd: folder, env }).catch((error) => {
    throw new Error(`${program} ${args.join(" ")}: ${error.stdout}${error.stderr}`);
  });
  return stdout;
}

/** Packs the package and installs it into an empty project, beside the Pulumi SDK that the team brings. */
export async function installedProject(): Promise<{ root: string; project: string; files: string[] }> {
  const root = mkdtempSync(join(tmpdir(), "podnet-package-"));
  const copy = join(root, "checkout");
  for (const path of sources) cpSync(join(house, path), join(copy, path), { recursive: true });
  symlinkSync(join(house, "node_modules"), join(copy, "node_modules"));
  const packed = JSON.parse(await run(copy, "npm", "pack", "--json", "--silent", "--pack-destination", root));
  const [{ filename, files }] = Array.isArray(packed) ? packed : Object.values(packed);

  const project = join(root, "project");
  const { devDependencies } = JSON.parse(readFileSync(join(house, "package.json"), "utf8"));
  mkdirSync(project);
  const dependencies = { "@pulumi/pulumi": devDependencies["@pulumi/pulumi"], podnet: `file:../${filename}` };
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "team", private: true, dependencies }));
  await run(project, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
  return { root, project, files: files.map(({ path }: { path: string }) => path) };
}
