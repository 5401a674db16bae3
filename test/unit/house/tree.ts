import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const house = resolve(__dirname, "../../..");
const configuration = [
  ".dependency-cruiser.cjs",
  ".gitignore",
  "biome.json",
  "knip.json",
  "package.json",
  "toolchain/check",
  "tsconfig.check.json",
  "tsconfig.json",
];

/** Runs `npm run check:NAME` as it stands in package.json, in `folder`. */
export function check(name: string, folder: string): Promise<{ failed: boolean; text: string }> {
  const env = { ...process.env, PATH: `${house}/node_modules/.bin:${process.env.PATH}`, NO_COLOR: "1" };
  return new Promise((done) => {
    execFile(
      join(house, "node_modules/.bin/node"),
      ["--run", `check:${name}`],
      { cwd: folder, env },
      (error, stdout, stderr) => done({ failed: error !== null, text: stdout + stderr }),
    );
  });
}

/** A small tree under the house's own rules, whose only files are the given ones. */
export function tree(files: Record<string, string[]>): string {
  const folder = mkdtempSync(join(tmpdir(), "podnet-house-"));
  for (const path of configuration) cpSync(join(house, path), join(folder, path), { recursive: true });
  symlinkSync(join(house, "node_modules"), join(folder, "node_modules"));
  for (const [path, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${lines.join("\n")}\n`);
  }
  return folder;
}
