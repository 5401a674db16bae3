import Table from "cli-table3";
import { verdicts } from "./goals";
import { type Figures, type Machine, type Results, type Scenario, scenarios } from "./results";

const titles: Record<Scenario, string> = {
  firstApply: "first apply",
  unchanged: "nothing changed",
  refresh: "refresh",
  addOne: "one node added",
};

/** All figures, as ratios beside the seconds, each goal with whether it was reached. */
export function tableOf(results: Results): string {
  const table = new Table({
    head: ["", "nodes", "pulumi", "provider", "floor", "provider/floor", "Ansible", "pyinfra", "memory", "goals"],
    style: { head: [], border: [], compact: true },
  });
  for (const scenario of scenarios)
    for (const [nodes, figures] of Object.entries(results[scenario]))
      table.push([titles[scenario], nodes, ...cells(figures), goalCell(scenario, Number(nodes), figures)]);
  return `${table.toString()}\n${machineWords(results.machine)}`;
}

function cells({
  podnetSeconds,
  providerSeconds,
  floorSeconds,
  ansibleSeconds,
  pyinfraSeconds,
  peakMemoryBytes,
}: Figures) {
  const peer = (seconds: number | undefined) =>
    seconds === undefined ? "" : `${seconds.toFixed(1)} s (${(seconds / podnetSeconds).toFixed(1)}×)`;
  return [
    `${podnetSeconds.toFixed(1)} s`,
    providerSeconds === undefined ? "" : `${providerSeconds.toFixed(1)} s`,
    floorSeconds === undefined ? "" : `${floorSeconds.toFixed(1)} s`,
    providerSeconds === undefined || !floorSeconds ? "" : `${(providerSeconds / floorSeconds).toFixed(2)}×`,
    peer(ansibleSeconds),
    peer(pyinfraSeconds),
    peakMemoryBytes === undefined ? "" : `${Math.round(peakMemoryBytes / 1e6)} MB`,
  ];
}

function goalCell(scenario: Scenario, nodes: number, figures: Figures): string {
  return verdicts(scenario, nodes, figures)
    .map(({ words, measured, reached }) => `${reached ? "reached" : "MISSED"}: ${words} (${measured})`)
    .join("\n");
}

function machineWords({ processor, cores, memoryBytes, kernel, loadBefore }: Machine): string {
  const gigabytes = (memoryBytes / 2 ** 30).toFixed(0);
  return (
    `${cores} cores (${processor}), ${gigabytes} GiB, Linux ${kernel}; load before: ${loadBefore.toFixed(1)}. ` +
    "Nodes, tools and engine share the cores. Times are wall clock; in brackets: times as long as pulumi's."
  );
}
