import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { measure } from "../measure";

/** The peers, as their users get them. */
const requirements = ["ansible-core==2.19.14", "pyinfra==3.10.0"];

const cache = process.env.PODNET_CACHE ?? join(homedir(), ".cache", "podnet");

/** Installs the peers, once for this machine. Answers the folder of their programs. */
export function peers(): Promise<string> {
  return pythonWith("bench-peers", requirements);
}

/** A Python of its own with these packages, made once for this machine. Answers the folder of their programs. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(cache, `${name}-${packages.map((one) => one.replace("==", "-")).join("-")}`);
  const done = join(folder, "installed");
  if (existsSync(done)) return join(folder, "bin");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const options = { cwd: cache };
  console.error(`Installing ${packages.join(" and ")} (once)`);
  await measure("python3", ["-m", "venv", folder], options).catch(async () => {
    await measure("apt-get", ["install", "-q", "-y", "--no-install-recommends", "python3-venv"], options);
    await measure("python3", ["-m", "venv", folder], options);
  });
  await measure(join(folder, "bin/pip"), ["install", "-q", ...packages], options);
  writeFileSync(done, "");
  return join(folder, "bin");
}
