import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../../lab";
import { clusterArtifacts } from "../../../lab/kubernetes/artifacts";

/** Cases by their tags: those that have one of the first and none of the second. */
export interface Selection {
  include: readonly string[];
  exclude?: readonly string[];
}

export interface Case {
  name: string;
  tags: string[];
  /** Was every connection allowed or not as Kubernetes' rules say? */
  right: boolean;
}

/** What cyclonus leaves out by itself, as it is said when something else is left out too. */
const byDefault = ["multi-peer", "upstream-e2e", "example", "end-port", "namespaces-by-default-label"];

/** Groups of tags that each case has one of at least. */
const groups = ["action", "target", "rule", "peer-ipblock", "peer-pods", "protocol", "port", "miscellaneous"];

/** Every case of the default suite, in parts without a case of an earlier one: what ends a run ends one part of it. */
export const everyCase: Selection[] = groups.map((group, index) => ({
  include: [group],
  exclude: groups.slice(0, index),
}));

/**
 * Runs cases of cyclonus (github.com/mattfenwick/cyclonus): each applies policies, then asks from each of nine pods in
 * three namespaces every other on two ports. A pod that asks itself is left out, since that never leaves it. SCTP is in
 * policies only: the kernel has none to ask by.
 *
 * @param log file that gets everything it prints
 */
export async function cyclonus(lab: Lab, { include, exclude = [] }: Selection, log: string): Promise<Case[]> {
  const { cyclonus: folder } = await clusterArtifacts();
  const place = mkdtempSync(join(tmpdir(), "podnet-cyclonus-"));
  const report = join(place, "junit.xml");
  const words = [
    "generate",
    "--ignore-loopback",
    "--server-protocol=tcp,udp",
    "--destination-type=pod-ip",
    "--job-timeout-seconds=3",
    // For a machine that is too busy to start 36 containers, or to take up a policy, as soon as is usual.
    "--pod-creation-timeout-seconds=900",
    "--retries=5",
    "--perturbation-wait-seconds=6",
    // A step that is not as it should be is asked again: on a busy machine an answer or a policy may come late.
    "--retries=5",
    "--pod-creation-timeout-seconds=300",
    `--junit-results-file=${report}`,
    `--include=${include.join()}`,
    `--exclude=${[...byDefault, ...exclude].join()}`,
  ];
  try {
    const printed = await retried(() => run(join(folder, "cyclonus"), words, lab.kubeconfigFile ?? "", log));
    return readCases(printed, readFileSync(report, "utf8"));
  } finally {
    rmSync(place, { recursive: true });
  }
}

/**
 * cyclonus labels its pods, and ends where the kubelet wrote to one of them in that moment, as it does to young ones.
 * It makes pods right after their namespaces, and ends where one has no account for them yet.
 */
async function retried(attempt: () => Promise<string>, left = 10): Promise<string> {
  try {
    return await attempt();
  } catch (error) {
    const passing = /the object has been modified|serviceaccount \S+ not found/.test(String(error));
    if (left > 0 && passing) return retried(attempt, left - 1);
    throw error;
  }
}

/** It prints the cases with their tags before it begins, and reports how each ended in the same order. */
function readCases(printed: string, report: string): Case[] {
  const listed = [...printed.matchAll(/^test #\d+: (.*)\n - tags: (.*)$/gm)];
  const ended = [...report.matchAll(/<testcase [^>]*>([\s\S]*?)<\/testcase>/g)];
  if (ended.length !== listed.length) throw new Error(`of ${listed.length} cases ${ended.length} ended`);
  return listed.map(([, name = "", tags = ""], index) => ({
    name,
    tags: tags.split(", "),
    right: !ended[index]?.[1]?.includes("<failure"),
  }));
}

/** How many cases of each tag are right, a line each. */
export function byTag(cases: readonly Case[]): string[] {
  const tags = [...new Set(cases.flatMap((one) => one.tags))].toSorted();
  return tags.map((tag) => {
    const own = cases.filter((one) => one.tags.includes(tag));
    return `| ${tag} | ${own.filter(({ right }) => right).length} of ${own.length} |`;
  });
}

function run(program: string, words: string[], kubeconfig: string, log: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: { ...process.env, KUBECONFIG: kubeconfig } });
    const file = createWriteStream(log, { flags: "a" });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(file, { end: false });
      stream.on("data", (chunk: Buffer) => {
        text += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      file.end();
      if (code === 0) resolve(text);
      else reject(new Error(`cyclonus ended with ${code}; the end of ${log}:\n${text.slice(-3000)}`));
    });
  });
}
