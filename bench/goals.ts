import type { Figures, Scenario } from "./results";

/** What a figure is held against. */
interface Goal {
  scenario: Scenario;
  /** Numbers of nodes it is set for; absent: all. */
  nodes?: number[];
  words: string;
  /** The figure, or undefined where it was not measured. */
  value(figures: Figures): number | undefined;
  reached(value: number): boolean;
  unit: "×" | "s" | "GB";
}

const ratio = (one: number | undefined, other: number | undefined) =>
  one === undefined || !other ? undefined : one / other;
const toFloor = ({ providerSeconds, floorSeconds }: Figures) => ratio(providerSeconds, floorSeconds);
const atLeast = (limit: number) => (value: number) => value >= limit;
const atMost = (limit: number) => (value: number) => value <= limit;

const goals: Goal[] = [
  {
    scenario: "firstApply",
    nodes: [100],
    words: "at least 25× faster than Ansible",
    value: ({ ansibleSeconds, podnetSeconds }) => ratio(ansibleSeconds, podnetSeconds),
    reached: atLeast(25),
    unit: "×",
  },
  {
    scenario: "firstApply",
    nodes: [100],
    words: "at least 2× faster than pyinfra",
    value: ({ pyinfraSeconds, podnetSeconds }) => ratio(pyinfraSeconds, podnetSeconds),
    reached: atLeast(2),
    unit: "×",
  },
  { scenario: "firstApply", words: "provider at most 2× the floor", value: toFloor, reached: atMost(2), unit: "×" },
  {
    scenario: "firstApply",
    nodes: [500],
    words: "memory under 1.5 GB",
    value: ({ peakMemoryBytes }) => peakMemoryBytes && peakMemoryBytes / 1e9,
    reached: atMost(1.5),
    unit: "GB",
  },
  {
    scenario: "unchanged",
    nodes: [500],
    words: "pulumi up under 5 s",
    value: ({ podnetSeconds }) => podnetSeconds,
    reached: atMost(5),
    unit: "s",
  },
  {
    scenario: "refresh",
    nodes: [100],
    words: "provider at most 1.5× the floor",
    value: toFloor,
    reached: atMost(1.5),
    unit: "×",
  },
  {
    scenario: "addOne",
    nodes: [100],
    words: "provider at most 1.5× the floor",
    value: toFloor,
    reached: atMost(1.5),
    unit: "×",
  },
];

export interface Verdict {
  words: string;
  measured: string;
  reached: boolean;
}

/** The goals of a scenario at a number of nodes, beside what was measured. */
export function verdicts(scenario: Scenario, nodes: number, figures: Figures): Verdict[] {
  return goals
    .filter((goal) => goal.scenario === scenario && (goal.nodes === undefined || goal.nodes.includes(nodes)))
    .flatMap(({ words, value, reached, unit }) => {
      const found = value(figures);
      if (found === undefined) return [];
      return [
        {
          words,
          measured: `${found.toFixed(unit === "×" ? 1 : 2)}${unit === "×" ? "×" : ` ${unit}`}`,
          reached: reached(found),
        },
      ];
    });
}
