import { mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { locked } from "./lock";
import { labNames, labsFolder, replaceFile } from "./state";

const sysctl = "/proc/sys/fs/inotify/max_user_instances";
const found = join(labsFolder, ".inotify-found");

/** A node that boots systemd takes about eight, one of a cluster about 30, and the machine's own programs have theirs. */
const enough = 1024;

const alone = <Result>(work: () => Promise<Result>) => locked("/run/podnet-lab-inotify.lock", work);

/**
 * Lets this machine have the inotify instances that systemds, kubelets, containerds and daemons in pods take together:
 * the one setting of the machine that nodes cannot have for themselves. What was set is written down first.
 */
export function raiseInotifyLimit(): Promise<void> {
  return alone(async () => {
    const present = (await readFile(sysctl, "utf8")).trim();
    if (Number(present) >= enough) return;
    await mkdir(labsFolder, { recursive: true });
    await replaceFile(found, `${present}\n`);
    await writeFile(sysctl, `${enough}\n`);
  });
}

/** Puts back what was found when there is no lab any more, unless somebody has set another value since. */
export function restoreInotifyLimit(): Promise<void> {
  return alone(async () => {
    const before = await readFile(found, "utf8").catch(() => undefined);
    if (before === undefined) return;
    if ((await labNames()).length > 0) return;
    if (Number(await readFile(sysctl, "utf8")) === enough) await writeFile(sysctl, before);
    await rm(found, { force: true });
    await rmdir(labsFolder).catch(() => undefined);
  });
}
