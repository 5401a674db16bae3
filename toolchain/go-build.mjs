import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { goCommand } from "./machine.mjs";
import { cache, toolchain } from "./places.mjs";
import { ask, Refusal, show } from "./run.mjs";

/** Longer than any build takes: what is older belongs to one that was killed. */
const deadAfterHours = 24;

/**
 * Builds programs of a pinned module into a folder of the cache: beside it first, then renamed, so that a killed build
 * leaves nothing that looks whole. The committed go.sum has the hash of every module, so no checksum database is asked.
 *
 * @param programs what to build: { from: package, into: folder under the target, as: name when it is not the package's,
 *   ldflags, tags, cgo: with a C compiler }
 */
export function goBuild(moduleFolder, target, programs) {
  if (existsSync(target)) return;
  const go = goCommand();
  if (go === undefined)
    throw new Refusal("podnet needs Go 1.26 or newer on the PATH to build its tools; install it and try again.");
  mkdirSync(dirname(target), { recursive: true });
  mkdirSync(cache, { recursive: true });
  removeKilledBuilds();
  const building = mkdtempSync(join(cache, "go-building-"));
  try {
    for (const { from, into, as = "", ldflags = "-s -w", tags = "", cgo = false } of programs) {
      mkdirSync(join(building, into), { recursive: true });
      show(
        go,
        [
          "build",
          "-mod=readonly",
          "-trimpath",
          "-tags",
          tags,
          "-ldflags",
          ldflags,
          "-o",
          `${join(building, into)}/${as}`,
          from,
        ],
        {
          cwd: moduleFolder,
          env: { ...process.env, CGO_ENABLED: cgo ? "1" : "0", GOWORK: "off" },
          // Go names each of the hundreds of modules that it downloads.
          stdio: ["ignore", "ignore", "pipe"],
          maxBuffer: Number.POSITIVE_INFINITY,
        },
      );
    }
    renameSync(building, target);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

function removeKilledBuilds() {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith("go-building-"))) {
    const folder = join(cache, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > deadAfterHours * 3_600_000) rmSync(folder, { recursive: true, force: true });
  }
}

/** Where Go has unpacked a module that the one in a folder here requires; one that no program is built of is fetched. */
export function moduleFolder(family, module) {
  const options = { cwd: join(toolchain, family), env: { ...process.env, GOWORK: "off", GOFLAGS: "-mod=readonly" } };
  const answer = ask(goCommand() ?? "go", ["mod", "download", "-json", module], options);
  const { Dir: folder } = JSON.parse(answer || "{}");
  if (!folder) throw new Refusal(`Go has not unpacked ${module}; run go mod download in toolchain/${family}`);
  return folder;
}
