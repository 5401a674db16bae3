import fc from "fast-check";
import { type Phase, phases } from "../node";
import { cuts, ordinary, type StateOn } from "./states";

export const faults = [
  "nothing",
  "kill -9 of the provider",
  "death of the engine",
  "connection killed",
  "cable cut",
  "wrong switch port",
  "SSH cut",
  "hard reset",
  "read-only /etc",
  "read-only /var/lib/podnet",
  "disk full",
  "another host key",
  "clock jump of the runner",
  "second run, same owner",
  "second run, other owner",
] as const;
export type Fault = (typeof faults)[number];

/** One run: a committed state (or none), a change to another (or the removal), and what happens in the middle of it. */
export interface Schedule {
  before: StateOn | undefined;
  after: StateOn | undefined;
  cut: string;
  fault: Fault;
  phase: Phase;
  /** How long after the phase began. */
  delayMilliseconds: number;
  /** How long what can be healed lasts. */
  lastsSeconds: number;
  /** How long the change waits for its confirmation. */
  windowSeconds: number;
  /** On a node with slow renames: does the change take its time in its last moments? @default false */
  lingers?: boolean;
}

/** A quarter of the runs cut the node off. */
const cutDeck = Object.keys(cuts).flatMap((cut) => (cut === "no cut" ? Array(12).fill(cut) : [cut])) as string[];

/** What is dealt is another thing in each run of a deck: no fault and no cut is left to chance. */
function dealt<Value>(deck: readonly Value[], seed: number, run: number): Value {
  const [round, place] = [Math.floor((run - 1) / deck.length), (run - 1) % deck.length];
  const shuffled = fc.shuffledSubarray([...deck], { minLength: deck.length });
  return (one(shuffled, seed, -1 - round) as Value[])[place] as Value;
}

const schedule = (fault: Fault, cut: string): fc.Arbitrary<Schedule> =>
  fc.record({
    before: fc.option(ordinary, { nil: undefined, freq: 3 }),
    // A removal cuts nobody off.
    after: cut === "no cut" ? fc.option(ordinary, { nil: undefined, freq: 6 }) : ordinary,
    cut: fc.constant(cut),
    fault: fc.constant(fault),
    phase: fc.constantFrom(...phases),
    delayMilliseconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
    lastsSeconds: fc.integer({ min: 1, max: 7 }),
    windowSeconds: fc.constant(6),
  });

function one<Value>(arbitrary: fc.Arbitrary<Value>, seed: number, number: number): Value {
  const [drawn] = fc.sample(arbitrary, { seed: (Math.imul(seed, 0x9e3779b1) + number) | 0, numRuns: 1 });
  if (drawn === undefined) throw new Error("fast-check drew nothing");
  return drawn;
}

/** The run of that number under a seed, whichever runs were before it. */
export function scheduleOf(seed: number, run: number): Schedule {
  return one(schedule(dealt(faults, seed, run), dealt(cutDeck, seed, run)), seed, run);
}

export function inWords({ before, after, cut, fault, phase, delayMilliseconds, lastsSeconds }: Schedule): string {
  const change = after ? (before ? "change" : "creation") : "removal";
  const cutting = after && cut !== "no cut" ? ` with ${cut}` : "";
  const lasting = /cut|port|read-only|full|key/.test(fault) ? ` for ${lastsSeconds} s` : "";
  const when = fault === "nothing" ? "" : ` when ${phase}, ${delayMilliseconds} ms on`;
  return `${change}${cutting}; ${fault}${lasting}${when}`;
}
