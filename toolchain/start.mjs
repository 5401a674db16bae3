import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { labStacks } from "./environment.mjs";
import { project } from "./places.mjs";
import { ask, hand, Refusal } from "./run.mjs";
import { holderOf } from "./state-lock.mjs";

const podnet = ["dist/commands/podnet.js"];

/**
 * What is brought up: of `npm start` the lab `lab` with the stack of that name, of `npm start -- NAME` the lab NAME with
 * the stack lab-NAME. A stack whose settings name a kubeconfig has a cluster.
 */
export function startOf([name]) {
  const stack = name === undefined ? "lab" : `lab-${name}`;
  if (!labStacks.includes(stack)) {
    const known = labStacks.filter((one) => one !== "lab").map((one) => one.replace("lab-", ""));
    throw new Refusal(
      `npm start knows no ${name}; it knows ${known.join(", ")}, and without a name the bridge network`,
    );
  }
  const settings = readFileSync(join(project, "stacks", `Pulumi.${stack}.yaml`), "utf8");
  return { stack, lab: name ?? "lab", kubernetes: /^ +kubeconfig:/m.test(settings) };
}

/** The main job: the lab's nodes, the stack on them by the real engine, and the proof by packets. */
export async function start(environment, { stack, lab, kubernetes }) {
  const options = { cwd: project, env: environment };
  const isNew = !existsSync(`/var/lib/podnet-lab/${lab}/lab.json`);
  await waitForOtherRuns(stack);
  const known = ask("pulumi", ["stack", "select", stack, "--non-interactive"], options) !== undefined;
  // What a stack remembers of nodes that are gone is wrong about the new ones.
  if (known && isNew)
    ask("pulumi", ["stack", "rm", stack, "--force", "--yes", "--preserve-config", "--non-interactive"], options);
  const steps = [
    ["node", [...podnet, "lab", "up", "--name", lab, ...(kubernetes ? ["--kubernetes"] : [])]],
    ...(known && !isNew ? [] : [["pulumi", ["stack", "init", stack, "--non-interactive"]]]),
    // With a refresh: what somebody changed by hand on a node is seen and put right.
    ["pulumi", ["up", "--stack", stack, "--refresh", "--yes", "--skip-preview", "--suppress-permalink=true"]],
    ["node", [...podnet, "verify", "--stack", stack]],
  ];
  for (const [command, words] of steps) {
    const code = await hand(command, words, options);
    if (code !== 0) return code;
  }
  return 0;
}

/**
 * A run that was killed leaves its lock on the state, which holds nothing when its process is gone. A run that goes on,
 * although the terminal it was started from is closed, is waited for.
 */
async function waitForOtherRuns(stack) {
  const folder = join(project, ".pulumi-state", ".pulumi", "locks", "organization", "podnet", stack);
  const locks = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  for (const lock of locks.map((name) => join(folder, name))) {
    const pid = holderOf(lock);
    if (pid) console.log(`Waiting for the run that process ${pid} is still at`);
    while (holderOf(lock)) await sleep(500);
    for (const file of [lock, `${lock}.attrs`]) rmSync(file, { force: true });
  }
}
