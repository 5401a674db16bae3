import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { locked } from "../lock";
import { labFolder, labNames, labsFolder, replaceFile } from "../state";

const sysctl = "/proc/sys/fs/inotify/max_user_instances";
const found = join(labsFolder, ".inotify-found");

/** Three nodes of a cluster take about 100, and the machine's own programs and other labs have theirs. */
const enough = 1024;

const alone = <Result>(work: () => Promise<Result>) => locked("/run/podnet-lab-inotify.lock", work);

/** Where a lab has its cluster's control plane; the lab has a cluster while it is there. */
export const controlFolder = (lab: string) => join(labFolder(lab), "control");

/**
 * Lets this machine have the inotify instances that kubelets, containerds and daemons in pods take together: the one
 * setting of the machine that nodes cannot have for themselves. What was set is written down first.
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

/** Puts back what was found when no lab has a cluster any more, unless somebody has set another value since. */
export function restoreInotifyLimit(): Promise<void> {
  return alone(async () => {
    const before = await readFile(found, "utf8").catch(() => undefined);
    if (before === undefined) return;
    if ((await labNames()).some((lab) => existsSync(controlFolder(lab)))) return;
    if (Number(await readFile(sysctl, "utf8")) === enough) await writeFile(sysctl, before);
    await rm(found, { force: true });
  });
}
