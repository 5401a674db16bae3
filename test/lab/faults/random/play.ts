import { setTimeout as sleep } from "node:timers/promises";
import type { NodeStateInput } from "../../../../components";
import type { Lab } from "../../../../lab";
import {
  committed,
  difference,
  isIn,
  isLeaving,
  isSame,
  isState,
  lingering,
  reaches,
  seen,
  withoutDrafts,
} from "../node";
import { Program } from "../program";
import { happen } from "./faults";
import { Plugins } from "./plugins";
import type { Schedule } from "./schedule";
import { SmallDisk } from "./small-disk";
import { cuts, type Place, rival } from "./states";

/** What a loaded machine may take beyond the window to undo, to boot and to look. */
const graceSeconds = 40;

interface Play {
  lab: Lab;
  node: string;
  schedule: Schedule;
  plugins: Plugins;
  program: Program;
  old: NodeStateInput | undefined;
  wanted: NodeStateInput | undefined;
  /** Only where the fault is of it. */
  disk: SmallDisk | undefined;
}

/** Plays one run on a node; answers in which state the node ended, and throws when that is none or leaves a residue. */
export async function play(lab: Lab, node: string, schedule: Schedule): Promise<string> {
  const place = placeOf(lab, node);
  const old = schedule.before?.(place);
  const after = schedule.after?.(place) ?? (old ? undefined : {});
  const wanted = after && cuts[schedule.cut]?.(after, place);
  const plugins = new Plugins();
  const program = new Program(lab, node, { windowSeconds: schedule.windowSeconds });
  const pristine = await seen(lab, node);
  const disk = schedule.fault === "disk full" ? await SmallDisk.mount(lab, node) : undefined;
  const end = await act({ lab, node, schedule, plugins, program, old, wanted, disk }).finally(async () => {
    plugins.stop();
    await lab.heal(node);
    await disk?.unmount();
  });
  const left = await seen(lab, node);
  if (!isSame(left, pristine))
    throw new Error(`${end}, and a residue after the removal:\n${difference(pristine, left)}`);
  return end;
}

async function act(scene: Play): Promise<string> {
  const { lab, node, schedule, plugins, program, old, wanted, disk } = scene;
  const plugin = await plugins.start();
  if (old) await program.up(plugin, old, unhurried);
  const before = await seen(lab, node);
  if (schedule.lingers) await lingering(lab, node, true);

  const call = wanted ? program.up(plugin, wanted) : program.destroy(plugin);
  const said = call.then(
    () => "done",
    (error: Error) => error.message || String(error),
  );
  const met = await reaches(lab, node, schedule.phase, call, disk?.folder);
  if (met) await sleep(schedule.delayMilliseconds);
  const rivals: Program[] = [];
  const secondRun = async (owner: string) => {
    const other = new Program(lab, node, { windowSeconds: schedule.windowSeconds }, owner);
    if (owner !== "test") rivals.push(other);
    await other.up(await plugins.start(), rival(owner)).catch(() => undefined);
  };
  await happen(schedule.fault, schedule.lastsSeconds, { lab, node, plugin, disk, secondRun });
  const words = await within(400, said);
  if (schedule.lingers) await lingering(lab, node, false);
  const end = await ended(scene, rivals, before, words);
  await goOn(scene, end);
  return met ? end : `${end} (before the fault; the provider said: ${words})`;
}

/** The state that a node is in once the window of its change is over. */
async function ended(scene: Play, rivals: Program[], before: string, said: string): Promise<string> {
  const { lab, node, schedule, plugins, old, wanted, disk } = scene;
  await lab.waitForSsh(node);
  for (const other of rivals) await other.destroy(await plugins.start());
  await settles(scene);
  const isReadOnly = schedule.fault.startsWith("read-only");
  if (isIn(lab, node, "pending", disk?.folder)) {
    if (isReadOnly) return "kept for the next run";
    throw new Error(`a change is still pending; the provider said: ${said}`);
  }
  const found = await committed(lab, node);
  if (isState(found, wanted)) {
    if (said.includes("rolled back, node reachable:")) throw new Error(`in the new state; the provider said: ${said}`);
    return "new";
  }
  if (schedule.fault === "second run, same owner" && isState(found, rival("test"))) return "the other run's";
  if (!isState(found, old)) throw new Error(`in neither state; the provider said: ${said}`);
  if (said === "done") throw new Error("in the old state; the provider said that it was done");
  const [earlier, now] = [withoutDrafts(before), withoutDrafts(await seen(lab, node))];
  if (!isSame(now, earlier)) throw new Error(`half changed:\n${difference(earlier, now)}\nthe provider said: ${said}`);
  return "old";
}

/** A script that outlives its provider may be about to begin, and is over once nothing was seen of it for a while. */
async function settles({ lab, node, schedule, disk }: Play): Promise<void> {
  // A reset leaves half a draft, for the next change to remove.
  const phase = schedule.fault === "hard reset" ? "pending" : "preparing";
  const deadline = performance.now() + (schedule.windowSeconds + graceSeconds) * 1000;
  for (let quiet = 0; quiet < 20 && performance.now() < deadline; quiet += 1) {
    if (isIn(lab, node, phase, disk?.folder) || isLeaving(lab, node, disk?.folder)) quiet = 0;
    await sleep(100);
  }
}

/** Without a fault no window has to be short: a loaded machine may take its time. */
const unhurried = { windowSeconds: 60 };

/** What a user does next: runs again, looks for drift, and removes everything. */
async function goOn({ schedule, plugins, program, old, wanted }: Play, end: string): Promise<void> {
  const plugin = await plugins.start();
  const next = (schedule.cut === "no cut" ? wanted : old) ?? {};
  await program
    .up(plugin, next, unhurried)
    .catch((error: Error) => fail(`${end}, and the next run fails: ${error.message}`));
  const drift = await program.drift(plugin);
  if (drift.length > 0) fail(`${end}, and after the next run the node differs: ${JSON.stringify(drift)}`);
  await program
    .destroy(plugin, unhurried)
    .catch((error: Error) => fail(`${end}, and the removal fails: ${error.message}`));
}

function fail(words: string): never {
  throw new Error(words);
}

async function within<Value>(seconds: number, value: Promise<Value>): Promise<Value> {
  const late = sleep(seconds * 1000, undefined, { ref: false }).then(() =>
    fail(`no answer of the provider in ${seconds} s`),
  );
  return await Promise.race([value, late]);
}

/** What a state may name of this node of the lab. */
export function placeOf(lab: Lab, name: string): Place {
  const node = lab.nodes.find((one) => one.name === name);
  if (!node) throw new Error(`the lab has no ${name}`);
  const gateway = lab.routers[node.segment].ipv4;
  return { gateway, nobody: gateway.replace(/\.1$/, ".77"), address: node.addresses.ipv4 };
}
