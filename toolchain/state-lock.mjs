import { readFileSync, statSync } from "node:fs";

/** The process that holds a lock, if it lives: one that has its number and began after the lock was written is another. */
export function holderOf(lock) {
  try {
    const { pid } = JSON.parse(readFileSync(lock, "utf8"));
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")) !== "pulumi") return undefined;
    const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    // Field 22 of /proc/PID/stat, in hundredths of a second after boot.
    const began = Date.now() - (uptime - Number(fields[18]) / 100) * 1000;
    return began > statSync(lock).mtimeMs + clockSteps ? undefined : pid;
  } catch {
    // The lock, or the process, is gone.
    return undefined;
  }
}

/** Milliseconds that the clock may have been set forward by since a lock was written. */
const clockSteps = 60_000;
