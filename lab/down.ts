import { rm } from "node:fs/promises";
import { removeCgroups } from "./boot";
import { restoreInotifyLimit } from "./inotify";
import { endCluster } from "./kubernetes/cluster";
import { locked } from "./lock";
import { killAllOf } from "./processes";
import { shell } from "./shell";
import { forget, labFolder, lockFile, nodeFolder, slotOf } from "./state";
import { removeUnderlay } from "./underlay";

/** Removes every trace of a lab, whole or half made: processes, mounts, namespaces, links, cgroups, files. */
export async function down(name = "lab"): Promise<void> {
  const folder = labFolder(name);
  await locked(lockFile(name), async () => {
    await killAllOf([folder]);
    await endCluster(name);
    const slot = await slotOf(name);
    if (slot !== undefined) await removeUnderlay({ name, slot });
    await shell(`${removeCgroups(name)}
  rmdir /sys/fs/cgroup/podnet-lab /sys/fs/cgroup/*/podnet-lab 2>/dev/null`);
    await forget(name);
    await restoreInotifyLimit();
  });
}

/** Removes the files of a node that is stopped. */
export async function removeNode(lab: string, node: string): Promise<void> {
  await shell(removeCgroups(`${lab}/${node}`));
  await rm(nodeFolder(lab, node), { recursive: true, force: true });
}
