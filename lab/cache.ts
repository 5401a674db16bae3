import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** What is built once and kept outside the checkout: the engine, the CNI plugins, the nodes' root. */
export const cacheFolder = process.env.PODNET_CACHE ?? join(homedir(), ".cache", "podnet");

/** The checkout this file is part of: as source in lab/, compiled in dist/lab/. */
export function projectFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) throw new Error(`lab: no package.json above ${__dirname}`);
    folder = dirname(folder);
  }
  return folder;
}
