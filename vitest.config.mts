import { defineConfig } from "vitest/config";

const minutes = 60_000;

/** Groups run one after the other, what needs least first: a broken rule shows before a lab is brought up. */
export default defineConfig({
  test: {
    projects: [
      project("unit", { order: 0, workers: 2, timeout: 5 * minutes }),
      project("package", { order: 1, workers: 1, timeout: 20 * minutes }),
      // Pages that podnet writes, in a browser without a screen.
      project("pages", { order: 1, workers: 1, timeout: 5 * minutes }),
      project("provider", { order: 2, workers: 2, timeout: 10 * minutes }),
      project("engine", { order: 3, workers: 2, timeout: 10 * minutes }),
      // Each file has its own lab. Two at a time: the nodes share the machine's processors.
      project("lab", { order: 4, workers: 2, timeout: 30 * minutes, setUp: 90 * minutes }),
      // `npm run faults`: the random schedules alone, with a seed and a number of runs.
      ...(process.env.PODNET_FAULTS_SEED ? [project("faults", { order: 5, workers: 1, timeout: 10 * minutes })] : []),
      // `npm run replay`: random changes of settings alone, likewise.
      ...(process.env.PODNET_REPLAY_SEED ? [project("replay", { order: 5, workers: 1, timeout: 10 * minutes })] : []),
    ],
  },
});

interface Group {
  order: number;
  workers: number;
  timeout: number;
  /** For what a file does first, where that is more: the first one builds what a cluster is made of. */
  setUp?: number;
}

function project(name: string, { order, workers, timeout, setUp = timeout }: Group) {
  const folders: Record<string, string> = { faults: "lab/faults/random", replay: "lab/replay" };
  const include = [`test/${folders[name] ?? name}/**/*.test.ts`];
  const times = { testTimeout: timeout, hookTimeout: setUp };
  return { test: { name, include, ...times, maxWorkers: workers, sequence: { groupOrder: order } } };
}
