import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** A mistake of the machine or its user: printed as one sentence, without a stack. */
export class Refusal extends Error {}

/**
 * Runs a command to its end with its output shown; throws a Refusal that says what failed. Of a command whose errors
 * are piped they are shown when it fails.
 */
export function show(command, words, options = {}) {
  const stdio = ["ignore", "inherit", "inherit"];
  const { status, signal, error, stderr } = spawnSync(command, words, { stdio, ...options });
  if (status === 0) return;
  if (stderr) process.stderr.write(stderr);
  const how = error?.code === "ENOENT" ? "is not installed" : `ended with ${signal ?? status}`;
  throw new Refusal(`${command} ${words.join(" ")} ${how}`);
}

/** Runs a command quietly; answers what it printed, or undefined when it failed. */
export function ask(command, words, options = {}) {
  const { status, stdout } = spawnSync(command, words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Runs the last command: its terminal, signals and exit code become this process's own. */
export function hand(command, words, options = {}) {
  const child = spawn(command, words, { stdio: "inherit", ...options });
  // The terminal sends Ctrl-C to both; this one waits for the child to finish its work.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal ? 130 : 1)));
  });
}

/** Full path of a program, or undefined. */
export function which(program, folders = (process.env.PATH ?? "").split(":")) {
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
