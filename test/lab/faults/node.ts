import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { NodeStateInput } from "../../../components";
import { type NodeStateDocument, nodeState } from "../../../components/node/state";
import type { Lab } from "../../../lab";
import { nodeFolder } from "../../../lab/state";

/** Everything of a node but the record of an undone change, and the marks of those that must not begin, in /run. */
export async function seen(lab: Lab, node: string): Promise<string> {
  return (await lab.snapshot(node)).replaceAll(/^\/run\/podnet( |\/(last|abandoned)[ /]).*\n/gm, "");
}

/** Without a change that was cut short while it was written down: nothing of it happened, and the next one removes it. */
export function withoutDrafts(snapshot: string): string {
  const kept = snapshot
    .replaceAll(/^\/var\/lib\/podnet\/\.new-.*\n/gm, "")
    // Written and not enabled, on a disk that then became read-only: the next change enables it, or it goes.
    .replaceAll(/^(podnet\.service disabled|\/etc\/systemd\/system\/podnet\.service) .*\n/gm, "");
  return /^\/var\/lib\/podnet\//m.test(kept) ? kept : kept.replace(/^\/var\/lib\/podnet .*\n/m, "");
}

/** Equal but for the order, in which devices show when they were made. */
export function isSame(before: string, after: string): boolean {
  const sorted = (text: string) => text.split("\n").sort().join("\n");
  return sorted(before) === sorted(after);
}

/** The lines in which two snapshots differ. */
export function difference(before: string, after: string): string {
  const [old, next] = [before, after].map((text) => new Set(text.split("\n"))) as [Set<string>, Set<string>];
  const gone = [...old].filter((line) => !next.has(line)).map((line) => `- ${line}`);
  const come = [...next].filter((line) => !old.has(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].slice(0, 40).join("\n");
}

/** What an owner committed on the node; undefined: nothing. */
export async function committed(lab: Lab, node: string, owner = "test"): Promise<NodeStateDocument | undefined> {
  const { stdout } = await lab.exec(node, `cat /var/lib/podnet/${owner}/manifest.json 2>/dev/null`);
  return stdout === "" ? undefined : nodeState.parse((JSON.parse(stdout) as { state: unknown }).state);
}

export function isState(found: NodeStateDocument | undefined, wanted: NodeStateInput | undefined): boolean {
  return isDeepStrictEqual(found, wanted && nodeState.parse(wanted));
}

/** The moments of a change, by what lies on the node; looked at from outside, which disturbs nothing. */
const marks = {
  reading: () => true,
  preparing: (folder: string) => namesIn(folder).some((name) => name.startsWith(".new-") || name === "pending"),
  pending: (folder: string) => existsSync(join(folder, "pending/token")),
  armed: (folder: string) => existsSync(join(folder, "pending/armed")),
  steps: (folder: string) => existsSync(join(folder, "pending/pid")),
  applied: (folder: string) => existsSync(join(folder, "pending/result")),
  confirming: (folder: string) => existsSync(join(folder, "pending/verdict")),
};
export type Phase = keyof typeof marks;
export const phases = Object.keys(marks) as Phase[];

const lingers = "/run/podnet-test-lingers";

/** Each moment begins with a rename, and would be over before anybody has seen it: on this node a rename takes its time. */
export async function slowRenames(lab: Lab, node: string): Promise<void> {
  const file = "/usr/local/bin/mv";
  const linger = `case "$*" in *as-commit*|*pending/next*) [ ! -e ${lingers} ] || sleep 2 ;; esac`;
  const { code, stderr } = await lab.exec(
    node,
    `printf '#!/bin/sh\nsleep 0.2\n${linger}\nexec /bin/mv "$@"\n' > ${file} && chmod 0755 ${file}`,
  );
  if (code !== 0) throw new Error(`${node}: ${stderr}`);
}

/** Whether the last moments of a change, which follow each other quickly, take seconds on a node with slow renames. */
export async function lingering(lab: Lab, node: string, isSo: boolean): Promise<void> {
  await lab.exec(node, isSo ? `true > ${lingers}` : `rm -f ${lingers}`);
}

/** @param folder where the node's /var/lib/podnet is seen from here, when that is a disk of its own */
export function isIn(lab: Lab, node: string, phase: Phase, folder = onItsDisk(lab, node)): boolean {
  return phase === "reading" || marks[phase](folder);
}

/** What a change that is over left, on its way out. */
export function isLeaving(lab: Lab, node: string, folder = onItsDisk(lab, node)): boolean {
  return namesIn(folder).some((name) => name.startsWith(".done-"));
}

/** What is in a folder, which may go between two looks at it. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function onItsDisk(lab: Lab, node: string): string {
  return join(nodeFolder(lab.name, node), "upper/var/lib/podnet");
}

/** Waits for a phase of a change, or for the end of the run that makes it. False: the run ended without the phase. */
export async function reaches(
  lab: Lab,
  node: string,
  phase: Phase,
  run: Promise<unknown>,
  folder?: string,
): Promise<boolean> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  run.then(end, end);
  while (!ended) {
    if (isIn(lab, node, phase, folder)) return true;
    await sleep(2);
  }
  return false;
}
