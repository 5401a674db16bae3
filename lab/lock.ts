import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { liveProcess } from "./processes";

/**
 * Runs with the lock held: two `up`s or `down`s of one lab come one after the other. The lock of a process that died
 * does not count.
 */
export async function locked<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  const stat = await readFile("/proc/self/stat", "utf8");
  const mark = `${process.pid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}\n`;
  while (!(await take(path, mark))) {
    if (!(await liveProcess(path))) await rm(path, { force: true });
    else await sleep(200);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** A link to a file that is already whole: nobody ever reads a lock without its holder in it. */
async function take(path: string, mark: string): Promise<boolean> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, mark);
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}
