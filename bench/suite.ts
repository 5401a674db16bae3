import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bed } from "./bed";
import { placed, runsOf } from "./network";
import type { Figures, Scenario } from "./results";
import { addRouteScript, applyScript, readScript } from "./scripts";
import { ansible } from "./tools/ansible";
import { floor } from "./tools/floor";
import { Podnet, type Run } from "./tools/podnet";
import { pyinfra } from "./tools/pyinfra";

export type Report = (scenario: Scenario, figures: Partial<Figures>) => void;

/** The least that each change could cost. */
export async function measureFloor({ bed, report, say }: Measuring): Promise<void> {
  const joined = placed(bed.nodes);
  const nodes = joined.slice(0, -1);
  const last = joined.at(-1) as (typeof joined)[number];
  const [runs, allRuns] = [runsOf(nodes), runsOf(joined)];
  say("floor");
  report("firstApply", { floorSeconds: await floor(bed.lab, nodes, (node) => applyScript(node, runs)) });
  await bed.requireEndState(nodes, "the floor");
  report("refresh", { floorSeconds: await floor(bed.lab, nodes, readScript) });
  const addOne = (node: (typeof joined)[number]) => (node === last ? applyScript(node, allRuns) : addRouteScript(last));
  report("addOne", { floorSeconds: await floor(bed.lab, joined, addOne) });
  await bed.requireEndState(joined, "the floor");
  await bed.reset();
}

export async function measurePodnet({ bed, report, say }: Measuring): Promise<void> {
  const nodes = bed.nodes.slice(0, -1);
  const podnet = await Podnet.create(bed.lab);
  try {
    say("podnet, first apply");
    podnet.want(nodes);
    report("firstApply", figures(await podnet.up()));
    await bed.requireEndState(nodes, "podnet");
    say("podnet, nothing changed");
    const { podnetSeconds, peakMemoryBytes } = await bed.untouched(() => podnet.up());
    report("unchanged", { podnetSeconds, peakMemoryBytes });
    say("podnet, refresh");
    const refreshed = await bed.oneLoginEach(nodes, () => podnet.refresh());
    if (refreshed.output.includes("changed by hand")) throw new Error(`refresh saw drift:\n${refreshed.output}`);
    report("refresh", figures(refreshed));
    say("podnet, one node added");
    podnet.want(bed.nodes);
    report("addOne", figures(await bed.oneLoginEach(nodes, () => podnet.up())));
    await bed.requireEndState(bed.nodes, "podnet");
  } finally {
    podnet.remove();
  }
  await bed.reset();
}

export async function measurePeers({ bed, report, say }: Measuring): Promise<void> {
  const nodes = placed(bed.nodes.slice(0, -1));
  const folder = mkdtempSync(join(tmpdir(), "podnet-bench-peers-"));
  try {
    for (const [name, tool, key] of [
      ["pyinfra", pyinfra, "pyinfraSeconds"],
      ["Ansible", ansible, "ansibleSeconds"],
    ] as const) {
      const run = await tool(bed.lab, nodes, join(folder, name));
      say(`${name}, first apply`);
      report("firstApply", { [key]: await run() });
      await bed.requireEndState(nodes, name);
      say(`${name}, nothing changed`);
      report("unchanged", { [key]: await run() });
      await bed.reset();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Measuring {
  bed: Bed;
  report: Report;
  /** What is measured at the moment, for people. */
  say(words: string): void;
}

function figures({ podnetSeconds, providerSeconds, peakMemoryBytes }: Run): Figures {
  return { podnetSeconds, providerSeconds, peakMemoryBytes };
}
