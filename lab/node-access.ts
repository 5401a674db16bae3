import { readFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { addresses } from "./address";
import { isRunning } from "./nodes";
import { firstChild, liveProcess } from "./processes";
import { type Outcome, shell } from "./shell";
import { nodeFolder } from "./state";
import type { PlacedNode } from "./topology";
import type { Underlay } from "./underlay";

/** PID, as this machine counts, of the process that is the node's init. */
async function nodeInit(lab: string, node: PlacedNode): Promise<number> {
  const first = await liveProcess(join(nodeFolder(lab, node.name), "process"));
  const init = first && (node.kind === "light" ? first.pid : await firstChild(first.pid));
  if (init === undefined) throw new Error(`lab ${lab}: node ${node.name} is not running; \`up\` starts it`);
  return init;
}

/** Waits until sshd greets. The banner says that the node's network is up and that sshd takes connections. */
export async function waitForSsh(underlay: Underlay, node: PlacedNode, timeoutSeconds = 300): Promise<void> {
  const host = addresses(underlay.slot, node.segment, node.host).ipv4;
  const deadline = Date.now() + timeoutSeconds * 1000;
  while (!(await greets(host))) {
    if (Date.now() > deadline) throw await notReachable(underlay, node, host, timeoutSeconds);
    await sleep(100);
  }
}

async function notReachable(underlay: Underlay, node: PlacedNode, host: string, seconds: number): Promise<Error> {
  const log = await readFile(join(nodeFolder(underlay.name, node.name), "console.log"), "utf8").catch(() => "");
  const state = (await isRunning(underlay.name, node.name)) ? "runs but" : "is not running:";
  return new Error(
    `lab ${underlay.name}: node ${node.name} ${state} no SSH answer from ${host} within ${seconds} s. Its console's end:\n${log.trim().slice(-1500)}`,
  );
}

/** One try: is there a connection within a second, and does sshd say its banner soon? */
function greets(host: string, port = 22): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new Socket();
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    // A busy machine takes its time to start the process that greets, and each further try starts one more.
    socket.on("connect", () => socket.setTimeout(15_000));
    socket.on("error", () => end(false));
    socket.on("data", (chunk) => end(chunk.toString("latin1").startsWith("SSH-")));
    socket.on("end", () => end(false));
    socket.connect(port, host);
  });
}

/** Runs a script in a node without SSH: in the namespaces of its init. */
export async function runInNode(
  lab: string,
  node: PlacedNode,
  script: string,
  timeoutSeconds?: number,
): Promise<Outcome> {
  const init = String(await nodeInit(lab, node));
  const enter = ["nsenter", "--target", init, "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"];
  const through = [...enter, ...(node.kind === "light" ? [] : ["--cgroup"]), "/bin/sh", "-s"];
  return shell(script, { through, ...(timeoutSeconds !== undefined && { timeoutSeconds }) });
}

/** Waits until the node's init has done all that it does at boot, with whatever success. */
export async function settled(lab: string, node: PlacedNode, timeoutSeconds = 600): Promise<void> {
  if (node.kind === "light") return;
  // A systemd that does not answer in time looks as one that does not run, and is asked again.
  const isOver = "running | degraded | maintenance) true ;; *) false";
  const script = `timeout ${timeoutSeconds} sh -c 'until case $(systemctl is-system-running --wait) in ${isOver} ;; esac
do sleep 0.5; done'; code=$?
[ $code -ne 124 ] || systemctl list-jobs --no-legend --no-pager
exit $code`;
  const { code, stdout } = await runInNode(lab, node, script, timeoutSeconds + 30);
  if (code === 124)
    throw new Error(
      `lab ${lab}: node ${node.name} is still starting after ${timeoutSeconds} s; what it waits for: ${stdout.trim()}`,
    );
}

/** systemd alone gives a unit that does not stop 90 s. */
const rebootSeconds = 300;

/** Asks for a reboot, or cuts the power, and waits until the node has begun its next boot. */
export async function reboot(underlay: Underlay, node: PlacedNode, hard: boolean): Promise<void> {
  const mark = join(nodeFolder(underlay.name, node.name), "process");
  const before = await liveProcess(mark);
  if (!before) throw new Error(`lab ${underlay.name}: node ${node.name} is not running; \`up\` starts it`);
  // A light node has no init that could shut it down: for it both are the same.
  if (hard || node.kind === "light") process.kill(before.pid, "SIGKILL");
  else await runInNode(underlay.name, node, "systemctl reboot");
  const deadline = Date.now() + rebootSeconds * 1000;
  for (;;) {
    const present = await liveProcess(mark);
    if (present && present.pid !== before.pid) return;
    if (Date.now() > deadline)
      throw new Error(`lab ${underlay.name}: node ${node.name} did not boot again within ${rebootSeconds} s`);
    await sleep(50);
  }
}
