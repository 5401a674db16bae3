import { cpus, loadavg, release, totalmem } from "node:os";

export const scenarios = ["firstApply", "unchanged", "refresh", "addOne"] as const;
export type Scenario = (typeof scenarios)[number];

/** One scenario at one number of nodes. Times in seconds of wall clock. */
export interface Figures {
  /** The whole `pulumi up` or `pulumi refresh`. */
  podnetSeconds: number;
  /** The part of it in which the provider worked on nodes. */
  providerSeconds?: number;
  /** One connection and one `exec` of an equal ready-made script a node. */
  floorSeconds?: number;
  ansibleSeconds?: number;
  pyinfraSeconds?: number;
  /** Engine, language host, program and provider together. */
  peakMemoryBytes?: number;
}

export interface Machine {
  processor: string;
  cores: number;
  memoryBytes: number;
  kernel: string;
  /** Load average of the last minute when the benchmark began: what else the machine did. */
  loadBefore: number;
}

export type Results = { machine: Machine } & Record<Scenario, Record<string, Figures>>;

export function emptyResults(): Results {
  const [cpu] = cpus();
  const machine = {
    processor: cpu?.model ?? "",
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    loadBefore: loadavg()[0] as number,
  };
  return { machine, firstApply: {}, unchanged: {}, refresh: {}, addOne: {} };
}
