import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Everything on this machine that belongs to a lab: namespaces, links, routes, mounts, processes, cgroups, files. */
export function traces(lab: string, subnets: string[]): string[] {
  const run = (command: string, ...words: string[]) => execFileSync(command, words, { encoding: "utf8" }).split("\n");
  const mine = (lines: string[], ...marks: string[]) =>
    lines.filter((line) => marks.some((mark) => line.includes(mark)));
  return [
    ...mine(run("ip", "netns"), `podnet-${lab}-`),
    ...mine(run("ip", "-o", "link"), `podnet lab ${lab}`),
    ...mine([...run("ip", "-4", "route"), ...run("ip", "-6", "route")], ...subnets),
    ...mine(mountsOfAll(), `/podnet-lab/${lab}/`, `podnet-${lab}-`),
    ...mine(commandLines(), `/podnet-lab/${lab}/`),
    ...mine(cgroups(), `/podnet-lab/${lab}`),
    ...[`/var/lib/podnet-lab/${lab}`, `/run/podnet-lab-${lab}.lock`].filter(existsSync),
  ];
}

const processes = () => readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));

/** A process may end between two looks at it. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const mountsOfAll = () => [...new Set(processes().flatMap((pid) => read(`/proc/${pid}/mountinfo`).split("\n")))];
const commandLines = () => processes().map((pid) => read(`/proc/${pid}/cmdline`).replaceAll("\0", " "));

function cgroups(): string[] {
  const roots = ["/sys/fs/cgroup", ...readdirSync("/sys/fs/cgroup").map((entry) => `/sys/fs/cgroup/${entry}`)];
  return roots.flatMap((root) => {
    const folder = `${root}/podnet-lab`;
    return existsSync(folder) ? readdirSync(folder).map((entry) => `${folder}/${entry}`) : [];
  });
}
