// No file is longer than one can keep in mind. Prints the files that grow; fails on those that are two things.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exit, stdout } from "node:process";

const comfortable = 110;
const most = 250;

const files = ["components", "provider", "commands", "lab", "stacks", "toolchain", "test", "bench"]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((path) => !path.split("/").includes("node_modules"))
  .map((path) => ({ path, lines: readFileSync(path, "utf8").trimEnd().split("\n").length }))
  .filter(({ lines }) => lines > comfortable)
  .sort((one, other) => other.lines - one.lines);

for (const { path, lines } of files) {
  const remark = lines > most ? `, more than ${most}: split it` : "";
  stdout.write(`${path}: ${lines} lines${remark}\n`);
}
exit(files.some(({ lines }) => lines > most) ? 1 : 0);
