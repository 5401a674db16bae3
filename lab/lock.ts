import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
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
    const held = await readFile(path, "utf8").catch(() => "");
    if (await liveProcess(path)) await sleep(200);
    else if (held !== "") await removeDead(path, held);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** A link to a file that is already whole: nobody ever reads a lock without its holder in it. */
async function take(path: string, mark: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`;
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

/** Removes the lock of a holder that died, and none that another took meanwhile. */
async function removeDead(path: string, held: string): Promise<void> {
  const away = `${path}.${randomUUID()}`;
  try {
    await rename(path, away);
  } catch {
    return;
  }
  if ((await readFile(away, "utf8")) !== held) await link(away, path).catch(() => undefined);
  await rm(away, { force: true });
}
