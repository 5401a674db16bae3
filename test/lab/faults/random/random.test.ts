import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lab } from "../../../../lab";
import { endLab, freshLab } from "../../fresh-lab";
import { play } from "./play";
import { inWords, scheduleOf } from "./schedule";

// `npm run faults -- --seed N --runs M --from K` runs this file with its own numbers.
const number = (name: string, otherwise: number) => Number(process.env[`PODNET_FAULTS_${name}`] ?? otherwise);
const seed = number("SEED", 1);
const first = number("FROM", 1);
const runs = number("RUNS", 50);
const nodes = Array.from({ length: Math.min(number("NODES", 5), runs) }, (_, index) => `node${index + 1}`);

/** A lab of its own, beside that of a suite that runs at the same time. */
const name = process.env.PODNET_FAULTS_SEED ? "faults-drawn" : "faults";
let lab: Lab;

beforeAll(async () => {
  lab = await freshLab(
    name,
    nodes.map((node) => ({ name: node, segment: "b", kind: "full" })),
  );
});
afterAll(() => endLab(name));

test(
  `no fault leaves a node between two states: ${runs} runs of seed ${seed}`,
  async () => {
    const left = Array.from({ length: runs }, (_, index) => first + index).values();
    const failures: string[] = [];
    const ends = new Set<string>();
    const work = async (node: string) => {
      for (const run of left) {
        if (failures.length > 0) return;
        const schedule = scheduleOf(seed, run);
        const began = performance.now();
        try {
          const end = await play(lab, node, schedule);
          const seconds = ((performance.now() - began) / 1000).toFixed(1);
          console.log(`run ${run}, ${node}: ${inWords(schedule)} → ${end} (${seconds} s)`);
          ends.add(end);
        } catch (error) {
          const repeat = `npm run faults -- --seed ${seed} --from ${run} --runs 1`;
          failures.push(
            `run ${run}, ${node}: ${inWords(schedule)} → ${(error as Error).message}\nrepeat it: ${repeat}`,
          );
        }
      }
    };
    await Promise.all(nodes.map(work));
    expect(failures.join("\n\n")).toBe("");
    if (runs >= 20) expect([...ends]).toEqual(expect.arrayContaining(["old", "new"]));
  },
  (60 + runs * 60) * 1000,
);
