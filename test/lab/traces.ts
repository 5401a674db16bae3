import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Everything on this machine that belongs to a lab: namespaces, links, routes, mounts, processes, cgroups, files. */
export function traces(lab: string, subnets: string[]): string[] {
  const run = (command: string, ...words: string[]) => execFileSync(command, words, { encoding: "utf8" }).split("\n");
  const mine = (lines: string[], ...marks: string[]) =>
    lines.filter((line) => marks.some((mark) => line.includes(mark)));
  return [
    ...mine(run("ip", "netns"), `podnet-${lab}-`),
    ...run("ip", "-o", "link").filter((line) => aliasOf(line) === lab),
    ...mine(
      ["-4", "-6"].flatMap((family) => run("ip", family, "route")),
      ...subnets,
    ).filter((line) => !isOther(line, lab)),
    ...mine(mountsOfAll(), `/podnet-lab/${lab}/`, `podnet-${lab}-`),
    ...mine(commandLines(), `/podnet-lab/${lab}/`),
    ...cgroups().filter((folder) => folder.endsWith(`/podnet-lab/${lab}`)),
    ...[`/var/lib/podnet-lab/${lab}`, `/run/podnet-lab-${lab}.lock`].filter(existsSync),
  ];
}

/** The lab whose link to this machine a line of `ip -o link` tells of. */
const aliasOf = (line: string) => /podnet lab (\S+)/.exec(line)?.[1];

/** Of a lab that has the addresses of one that is gone. */
function isOther(route: string, lab: string): boolean {
  const owner = aliasOf(read(`/sys/class/net/${/ dev (\S+)/.exec(route)?.[1]}/ifalias`));
  return owner !== undefined && owner !== lab;
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
