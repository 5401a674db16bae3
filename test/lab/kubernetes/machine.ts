import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Those that a kubelet, a kube-proxy or a container could have set; what is measured or counted is none of them. */
const settings =
  /^(vm\.|kernel\.|fs\.(?!inotify)|net\.(bridge|netfilter|ipv4\.ip_forward|ipv[46]\.conf\.(all|default)))/;
const moving = [
  "random",
  "ns_last_pid",
  "pty\\.nr",
  "dentry-state",
  "inode",
  "file-nr",
  "aio-nr",
  "_count",
  "drop_caches",
  "quota",
  "stat_",
  "sched",
  "cap_last",
  "stable_secret",
  "max_sample_rate",
  "hung_task_warnings",
].join("|");

/** This machine's own sysctls, as text to compare. */
export function machineSysctls(): string[] {
  const lines = execFileSync("sysctl", ["-a"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n");
  const passing = new RegExp(moving);
  return lines.filter((line) => settings.test(line) && !passing.test(line));
}

/** This machine's own addresses, routes and rules: all but the link of each lab. */
export function machineNetwork(): string[] {
  const run = (command: string, ...words: string[]) => execFileSync(command, words, { encoding: "utf8" }).split("\n");
  const lines = [
    ...run("ip", "-brief", "address"),
    ...["-4", "-6"].flatMap((family) => run("ip", family, "route", "show", "table", "all")),
    ...["-4", "-6"].flatMap((family) => run("ip", family, "rule")),
    ...run("nft", "--stateless", "list", "ruleset"),
  ];
  return lines.filter((line) => !/\bpodnet\d+\b/.test(line)).map((line) => line.replace(/ expires \d+sec/, "").trim());
}

const inotify = "/proc/sys/fs/inotify/max_user_instances";
const labs = "/var/lib/podnet-lab";

export const inotifyInstances = () => Number(readFileSync(inotify, "utf8"));

/** What the machine had before any lab wanted more. */
export function inotifyFound(): number {
  const found = `${labs}/.inotify-found`;
  return Number(readFileSync(existsSync(found) ? found : inotify, "utf8"));
}

/** Is there a lab at this moment? */
export function anyLab(): boolean {
  return existsSync(labs) && readdirSync(labs).some((lab) => !lab.startsWith("."));
}
