import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that cannot be mistaken for another that got its number later. */
export interface ProcessMark {
  pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  started: number;
}

/** Reads a mark that a node's script wrote as "PID START"; undefined when it is missing or the process is gone. */
export async function liveProcess(markFile: string): Promise<ProcessMark | undefined> {
  const text = await readFile(markFile, "utf8").catch(() => "");
  const [pid, started] = text.trim().split(" ").map(Number);
  if (!pid || !started) return undefined;
  return (await startTime(pid)) === started ? { pid, started } : undefined;
}

async function startTime(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has its number still but is no process any more.
  return fields.length < 20 || fields[0] === "Z" ? undefined : Number(fields[19]);
}

/** The first child of a process. */
export async function firstChild(pid: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return Number(children.split(" ")[0]) || undefined;
}

const programs = /(^|\/)(sh|dash|bash|unshare|setpriv|setsid|systemd-nspawn)$/;

/** Processes that run a script, or a container, under one of the folders: found by arguments, whatever was lost before. */
async function processesOf(folders: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const words = (await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (!programs.test(words[0] ?? "")) continue;
    const paths = words.map((word) => word.replace(/^--directory=/, "")).filter((word) => word.startsWith("/"));
    if (paths.some((path) => folders.some((folder) => path.startsWith(`${folder}/`)))) found.push(Number(entry));
  }
  return found;
}

/** Kills all processes under the folders. What they started goes with them: each node is a PID namespace of its own. */
export async function killAllOf(folders: readonly string[]): Promise<void> {
  if (folders.length === 0) return;
  // A process that was killed needs the processor once more to end.
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; ) {
    const pids = await processesOf(folders);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself, which is what was wanted.
      }
    }
    await sleep(25);
  }
  throw new Error(`lab: processes do not end: ${(await processesOf(folders)).join(", ")}`);
}
