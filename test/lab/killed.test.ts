import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { InventoryInput } from "../../components";
import type { Lab } from "../../lab";
import { Stack } from "../engine/stack";
import { endLab, freshLab } from "./fresh-lab";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2", "node3", "node4"];
/** Of the run that is killed; every other has to end well. */
const windowSeconds = 8;
const endingWell = 180;

let lab: Lab;
let stack: Stack;
let found: string[];

const snapshots = () =>
  Promise.all(names.map(async (name) => (await lab.snapshot(name)).replaceAll(/^\/run\/podnet.*\n/gm, "")));

const nft = "/usr/sbin/nft";

/** An nft that does nothing for a change before `decided`. */
const waiting = `#!/bin/sh
while [ -e /var/lib/podnet/pending/pid ] && [ ! -e /run/decided ]; do sleep 0.1; done
exec ${nft}.fast "$@"
`;

/** Begins an up, and ends when node2 is being changed, which it is until `decided`. */
async function untilChanging() {
  // node1 is made before: its own window is not to run out while node2's has to be short.
  configure(endingWell, ["node1"]);
  await stack.must("up", "--yes", "--skip-preview");
  configure(windowSeconds);
  await must(`cp ${nft} ${nft}.fast && cat > ${nft} <<'END'\n${waiting}END`);
  const run = stack.start("up", "--yes", "--skip-preview");
  await must("until [ -e /var/lib/podnet/pending/pid ]; do sleep 0.02; done", 300);
  return run;
}

/** Ends when nothing on node2 waits any more. @returns whether the change was made */
async function decided(): Promise<boolean> {
  await must(`touch /run/decided; cp ${nft}.fast ${nft}.new && mv ${nft}.new ${nft}`);
  const pending = async () => (await lab.exec("node2", "[ ! -e /var/lib/podnet/pending ]")).code;
  await expect.poll(pending, { timeout: 1000 * (windowSeconds + 180) }).toBe(0);
  await must(`rm ${nft}.fast /run/decided`);
  return (await lab.exec("node2", "[ -e /var/lib/podnet/pods/manifest.json ]")).code === 0;
}

async function must(script: string, timeoutSeconds?: number): Promise<void> {
  const { code, stderr } = await lab.exec("node2", script, timeoutSeconds);
  if (code !== 0) throw new Error(`node2, ${script}: ${code} ${stderr}`);
}

function processes(): { pid: number; parent: number; line: string }[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((text) => {
    const [pid, parent, ...line] = text.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), line: line.join(" ") };
  });
}

/** What runs below a process, and below that. */
function below(pid: number, all = processes()): { pid: number; line: string }[] {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid, all)]);
}

beforeAll(async () => {
  lab = await freshLab(
    "killed",
    names.map((name) => ({ name, segment: "a", kind: "light" })),
  );
  found = await snapshots();
  stack = await Stack.create();
  const program = join(__dirname, "../../dist/stacks/index.js");
  writeFileSync(join(stack.folder, "program.js"), `module.exports = require(${JSON.stringify(program)});\n`);
});
afterAll(async () => {
  stack?.remove();
  await endLab("killed");
});

/** Says how long a node of the network waits for a confirmation, and which nodes it has. */
function configure(seconds: number, only = names): void {
  const inventory: InventoryInput = parse(readFileSync(lab.inventoryFile, "utf8"));
  inventory.nodes = Object.fromEntries(Object.entries(inventory.nodes).filter(([name]) => only.includes(name)));
  const rollout = { batch: 1, windowSeconds: seconds };
  const network = { type: "bridge", podCidr: "10.244.0.0/16", rollout };
  const config = { "podnet:inventory": inventory, "podnet:network": network };
  writeFileSync(join(stack.folder, "Pulumi.test.yaml"), stringify({ config }));
}

/** Repairs by what a user does next, and takes everything away for the next test. */
async function repairs(): Promise<void> {
  configure(endingWell);
  await stack.must("up", "--yes", "--skip-preview");
  expect(await lostPairs(lab, names)).toEqual([]);
  expect(await stack.must("preview", "--expect-no-changes", "--refresh")).not.toContain("changed by hand");
  await detachAll(lab, names);
  await stack.must("destroy", "--yes", "--skip-preview");
  expect(await snapshots()).toEqual(found);
}

describe.sequential("a rollout over four nodes that is killed while the second is changed", () => {
  test("with the engine: its children end, no node waits or is begun, and cancel and up finish the work", async () => {
    const { child, ended } = await untilChanging();
    const children = below(child.pid as number);
    expect(children.map(({ line }) => line)).toContainEqual(expect.stringContaining("pulumi-resource-podnet"));
    child.kill("SIGKILL");
    const left = () => processes().filter(({ pid }) => children.some((one) => one.pid === pid));
    await expect.poll(() => left().map(({ line }) => line), { timeout: 300_000 }).toEqual([]);
    await ended;
    await decided();
    expect((await lab.exec("node3", "ls /var/lib/podnet")).code).not.toBe(0);
    await stack.must("cancel", "--yes");
    await repairs();
  });

  test("with the provider: up fails, the node undoes the change by itself, and the next up finishes the work", async () => {
    const { child, ended } = await untilChanging();
    for (const { pid, line } of below(child.pid as number))
      if (line.includes("pulumi-resource-podnet")) process.kill(pid, "SIGKILL");
    expect((await ended).code).not.toBe(0);
    expect(await decided()).toBe(false);
    await repairs();
  });
});
