import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./places.mjs";
import { show } from "./run.mjs";

const folders = ["components", "provider", "commands", "lab", "stacks", "bench"];
const stamp = join(project, "dist", ".compiled");

/** Compiles to dist/ when a source changed since the last time that this was done whole. */
export function compile(environment) {
  const state = sourceState();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  rmSync(stamp, { force: true });
  show("node", [join("node_modules", "typescript", "bin", "tsc")], { cwd: project, env: environment });
  mkdirSync(join(project, "dist"), { recursive: true });
  writeFileSync(stamp, state);
}

/** Names, sizes and times of the sources, as one hash: to read their contents would take as long as to compile. */
function sourceState() {
  const sources = folders
    .map((folder) => join(project, folder))
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const files = [...sources, join(project, "tsconfig.json"), join(project, "package-lock.json")].sort();
  const lines = files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
