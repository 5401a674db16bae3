import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { goBuild } from "./go-build.mjs";
import { cache, engineVersion, isOlder, toolchain } from "./places.mjs";
import { ask, which } from "./run.mjs";

const built = join(cache, `pulumi-${engineVersion}`);
const official = join(cache, "pulumi-official");
const downloaded = join(official, "versions", engineVersion, "bin");
const refused = join(official, "refused");
/** How long a refused download is not tried again. */
const refusalHours = 24;

/** An engine that is there without a download or a build. */
export const hasEngine = () => existsSync(built) || installed() !== undefined;

function installed() {
  // Inside `npm test` the PATH has our own engine, which is looked for by its place.
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => !folder.startsWith(cache));
  const found = [which("pulumi", folders), join(homedir(), ".pulumi", "bin", "pulumi"), join(downloaded, "pulumi")];
  const pulumi = found.find((path) => path && existsSync(path) && isNewEnough(ask(path, ["version"])));
  return pulumi && { folder: dirname(pulumi), ours: false };
}

/**
 * Finds the Pulumi CLI, or gets it: an installed one that is new enough, the official one by its npm package, or one
 * built from pinned Go modules. Answers its folder, and whether it is ours and so needs our language host.
 */
export function findEngine() {
  const found = installed();
  if (found) return found;
  if (!existsSync(built)) {
    if (download()) return { folder: downloaded, ours: false };
    console.log(`Building the Pulumi engine ${engineVersion} from Go modules (once, about five minutes)`);
    build();
  }
  addLanguageHost();
  return { folder: join(built, "bin"), ours: true };
}

/** Beside the engine, as in an official release: a language host from elsewhere on the PATH is warned about. */
function addLanguageHost() {
  const name = "pulumi-language-nodejs";
  const [source, target] = [join(toolchain, "language-host", name), join(built, "bin", name)];
  if (existsSync(target) && readFileSync(target, "utf8") === readFileSync(source, "utf8")) return;
  copyFileSync(source, `${target}.${process.pid}`);
  renameSync(`${target}.${process.pid}`, target);
}

function isNewEnough(version) {
  return Boolean(version) && !isOlder(version, engineVersion);
}

/** The npm package `pulumi` holds no binary: it fetches the official release when it is first run. */
function download() {
  if (existsSync(refused) && Date.now() - statSync(refused).mtimeMs < refusalHours * 3_600_000) return false;
  console.log(`Downloading the Pulumi CLI ${engineVersion}`);
  mkdirSync(official, { recursive: true });
  const environment = { ...process.env, PULUMI_VERSION: engineVersion, PULUMI_HOME: official };
  const words = ["exec", "--yes", "--package", `pulumi@${engineVersion}`, "--", "pulumi", "version"];
  // In a folder of its own: npm would else look for the package in this project.
  const version = ask("npm", words, { cwd: official, env: environment, timeout: 180_000 });
  if (isNewEnough(version) && existsSync(join(downloaded, "pulumi"))) return true;
  writeFileSync(refused, "The official download was refused; it is tried again a day after this file was written.\n");
  return false;
}

function build() {
  const module = "github.com/pulumi/pulumi";
  goBuild(join(toolchain, "pulumi"), built, [
    {
      from: `${module}/pkg/v3/cmd/pulumi`,
      into: "bin",
      tags: "osusergo,grpcnotrace",
      ldflags: `-s -w -X ${module}/sdk/v3/go/common/version.Version=v${engineVersion}`,
    },
  ]);
}
