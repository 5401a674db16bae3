import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lab } from "../../../lab";
import { endLab, freshLab } from "../fresh-lab";
import { type Phase, slowRenames } from "./node";
import { play } from "./random/play";
import type { Fault } from "./random/schedule";
import type { StateOn } from "./random/states";

/** Each fault has a node of its own, and meets there every moment of a change, one after the other. */
const faults: Fault[] = [
  "kill -9 of the provider",
  "death of the engine",
  "connection killed",
  "clock jump of the runner",
];
const nodes = faults.map((_, index) => `node${index + 1}`);
const name = "phases";
/** The moments must come before it is over, on slow nodes of a loaded machine. */
const windowSeconds = 30;
let lab: Lab;

beforeAll(async () => {
  lab = await freshLab(
    name,
    nodes.map((node) => ({ name: node, segment: "b", kind: "full" })),
  );
  await Promise.all(nodes.map((node) => slowRenames(lab, node)));
});
afterAll(() => endLab(name));

const before: StateOn = () => ({ files: [{ path: "/etc/podnet-a", content: "one\n" }] });

const slow = "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 0.7\n";

/** Waits for a confirmation, since it filters packets; its unit takes its time. */
const after: StateOn = ({ gateway }) => ({
  files: [{ path: "/etc/podnet-a", content: "two\n" }],
  routes: [{ to: "10.244.7.0/24", via: gateway }],
  nftables: [
    { family: "inet", table: "podnet-test", ruleset: "chain c { type filter hook input priority 0; accept; }" },
  ],
  units: [{ name: "podnet-slow.service", content: slow, enabled: false }],
});

const moments: [Phase, number, string][] = [
  ["preparing", 0, "before anything is pending"],
  ["pending", 0, "before the undo is armed"],
  ["armed", 0, "once the undo is armed"],
  ["steps", 300, "in the middle of the steps"],
  ["applied", 0, "before the confirmation"],
  ["confirming", 0, "while it is confirmed"],
];

test.concurrent.each(faults.map((fault, index) => [fault, nodes[index] as string] as const))(
  "%s at any moment of a change leaves %s in the old or in the new state",
  async (fault, node) => {
    const ends: string[] = [];
    for (const [phase, delayMilliseconds, words] of moments) {
      const schedule = { before, after, cut: "no cut", fault, phase, delayMilliseconds, lastsSeconds: 1 };
      const end = await play(lab, node, { ...schedule, windowSeconds, lingers: true }).catch((error: Error) => {
        throw new Error(`${fault} ${words}: ${error.message}`);
      });
      ends.push(`${words}: ${end}`);
    }
    for (const end of ends) expect(end).toMatch(/: (old|new)$/);
  },
  30 * 60_000,
);
