import { afterAll, expect, test } from "vitest";
import { change, type Together } from "./change";
import { groups, type NetworkName } from "./choices";
import { before, draw, isRefused, networkOf, rounds, type Wanted } from "./draw";
import { hostPackages, prepareHosts } from "./hosts";
import { type Place, Stage } from "./stage";

// `npm run replay -- --seed N --runs M --from K` runs this file with its own numbers.
const number = (name: string, otherwise: number) => Number(process.env[`PODNET_REPLAY_${name}`] ?? otherwise);
const seed = number("SEED", 1);
const first = number("FROM", 1);
const runs = number("RUNS", 200);
/** Beside all other tests no run begins later than this; whoever says how many has them all. */
const mostSeconds = process.env.PODNET_REPLAY_RUNS ? Number.POSITIVE_INFINITY : 300;
/** For what is before the first run and after the last: three labs, one of which may have its root built first. */
const besidesSeconds = 2400;

const full = { kind: "full", segment: "a", secondNic: true } as const;
/** Where each group of networks is played. */
const places: Place[] = [
  {
    nodes: ["node1", "node2", "node3", "node4"].map((name, index) => ({
      name,
      segment: index % 2 === 0 ? "a" : "b",
      kind: "light",
    })),
  },
  {},
  {
    nodes: ["node1", "node2", "node3", "node4"].map((name) => ({ name, ...full })),
    packages: hostPackages,
    prepare: prepareHosts,
  },
];

const stages: Stage[] = [];
afterAll(() => Promise.all(stages.map((stage) => stage.end())));

test(
  `what a preview says is what happens: changes ${first} to ${first + runs - 1} of seed ${seed}`,
  async () => {
    const ends = await Promise.all(groups.map(play));
    console.log(`${ends.reduce((sum, { played }) => sum + played, 0)} changes were played`);
    expect(ends.flatMap(({ wrong }) => wrong).join("\n\n")).toBe("");
  },
  (besidesSeconds + Math.min(runs * 30, mostSeconds)) * 1000,
);

/** Some networks beside each other, from where the runs before the first leave them. */
async function play(networks: NetworkName[], index: number): Promise<{ played: number; wrong: string[] }> {
  const own = Array.from({ length: runs }, (_, one) => first + one).filter((run) => networks.includes(networkOf(run)));
  if (own.length === 0) return { played: 0, wrong: [] };
  const stage = await Stage.build(`replay${index}`, places[index] as Place);
  stages.push(stage);
  const { inventory } = stage;
  let wanted = before(seed, first, networks, inventory);
  let played = 0;
  const end = (...wrong: string[]) => ({ played, wrong });
  stage.want(wanted, networks);
  const begun = await stage.up();
  if (begun.code !== 0) return end(`the first networks do not come up: ${begun.output}`);
  const playing = performance.now();
  for (const round of rounds(own)) {
    if (performance.now() - playing > mostSeconds * 1000) break;
    for (const together of separated(round, wanted, stage)) {
      const next = together.runs.reduce((from, run) => draw(seed, run, from, inventory), wanted);
      const began = performance.now();
      const { words, wrong } = await change(stage, wanted, next, { networks, ...together });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if (wrong.length > 0) return end(`${words}:\n  ${wrong.join("\n  ")}\n${repeat(together.runs)}`);
      console.log(`${words} (${seconds} s)`);
      played += together.runs.length;
      if (!together.refused) wanted = next;
    }
  }
  stage.want(wanted, networks);
  const { code, output } = await stage.refresh();
  return end(...(code === 0 ? [] : [`after all changes a refresh finds others: ${output}`]));
}

/** A change that is refused holds up all that are previewed with it: each alone, and then the others together. */
function separated(round: number[], wanted: Wanted, { inventory }: Stage): Together[] {
  const isOut = (run: number) => isRefused(run, wanted, draw(seed, run, wanted, inventory), inventory);
  const [refused, made] = [round.filter(isOut), round.filter((run) => !isOut(run))];
  return [
    ...refused.map((run) => ({ runs: [run], refused: true })),
    ...(made.length > 0 ? [{ runs: made, refused: false }] : []),
  ];
}

const repeat = (together: number[]) => {
  const from = Math.min(...together);
  return `repeat it: npm run replay -- --seed ${seed} --from ${from} --runs ${Math.max(...together) - from + 1}`;
};
