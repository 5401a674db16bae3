import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeMajor, project } from "./places.mjs";
import { Refusal, show, which } from "./run.mjs";

/** Makes node_modules what package-lock.json says. */
export function installDependencies() {
  if (!isInstalled()) {
    console.log("Installing npm packages");
    // What `npm ci` does, but for its refusal of a lock that lacks optional packages of other platforms, which a
    // registry that has not all of them leaves out.
    rmSync(join(project, "node_modules"), { recursive: true, force: true });
    show("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: project });
  }
  if (which("node", [join(project, "node_modules", ".bin")]) !== undefined) return;
  if (Number(process.versions.node.split(".")[0]) >= nodeMajor) return;
  throw new Refusal(
    `podnet needs Node.js ${nodeMajor} or newer: this is ${process.versions.node}, and the npm package "node" brought none. Install it and try again.`,
  );
}

/** npm writes what it installed at the very end, so a killed installation never looks whole. */
function isInstalled() {
  const present = join(project, "node_modules", ".package-lock.json");
  if (!existsSync(present)) return false;
  const [wanted, installed] = [join(project, "package-lock.json"), present].map(
    (path) => JSON.parse(readFileSync(path, "utf8")).packages,
  );
  return Object.entries(wanted).every(
    ([path, { version, optional, peer, dev, link }]) =>
      path === "" ||
      link ||
      installed[path]?.version === version ||
      (installed[path] === undefined && (optional || (peer && !dev))),
  );
}
