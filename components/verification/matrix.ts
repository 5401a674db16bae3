import { failed, failureLines, fault } from "./failures";
import { coverageOf, describeCoverage } from "./pairs";
import type { Probe, Verdict } from "./probes";
import { fullCoverageNodes, type VerificationSettings } from "./settings";

/** What a verification leaves in the stack's outputs: readable as it stands, and no longer for a thousand nodes. */
export interface Matrix {
  /** One line: how many probes were sent, answered, and how fast. */
  summary: string;
  /** Up to 20 nodes, one line each: every node its pod reaches, and in how many milliseconds. */
  rows: string[];
  /** What failed, grouped; empty when all is well. */
  failures: string[];
}

export function matrix(verdict: Verdict, settings: VerificationSettings): Matrix {
  return {
    summary: summary(verdict, settings),
    rows: verdict.nodes.length <= fullCoverageNodes ? rows(verdict, settings.mtu) : [],
    failures: failureLines(verdict, settings.mtu),
  };
}

export function passed(verdict: Verdict, settings: VerificationSettings): boolean {
  return verdict.unprobed.length === 0 && failed(verdict, settings.mtu).length === 0;
}

function summary(verdict: Verdict, settings: VerificationSettings): string {
  const bad = failed(verdict, settings.mtu).length;
  const total = verdict.probes.length;
  const parts = [
    `${count(verdict.nodes.length, "node")}, ${describeCoverage(coverageOf(settings))}`,
    total === 0
      ? "no probe was sent"
      : bad === 0
        ? `all ${total} probes pass at ${settings.mtu} bytes`
        : `${bad} of ${total} probes fail`,
    ...(verdict.unprobed.length > 0 ? [`${count(verdict.unprobed.length, "node")} could not be probed`] : []),
    ...latency(verdict.probes),
  ];
  return parts.join("; ");
}

/** The middle and the slowest round trip between pods. */
function latency(probes: Probe[]): string[] {
  const timed = probes.filter((probe) => probe.kind === "pod" && probe.answer.milliseconds !== undefined);
  timed.sort((left, right) => time(left) - time(right));
  const [middle, slowest] = [timed[Math.floor(timed.length / 2)], timed.at(-1)];
  if (!middle || !slowest) return [];
  return [`${show(time(middle))} in the middle, ${show(time(slowest))} at most (${slowest.from} → ${slowest.to})`];
}

function rows(verdict: Verdict, mtu: number): string[] {
  return verdict.nodes.map((node) => {
    const unprobed = verdict.unprobed.find((entry) => entry.node === node);
    if (unprobed) return `${node}: not probed`;
    const own = verdict.probes.filter((probe) => probe.kind === "pod" && probe.from === node);
    const peers = [...Map.groupBy(own, (probe) => probe.to)].map(
      ([peer, probes]) => `${peer} ${probes.map((probe) => cell(probe, mtu)).join(" / ")}`,
    );
    return `${node} → ${peers.join(", ") || "no other node"}`;
  });
}

/** One pair and family in a table: the round trip, or what is wrong in two words. */
export function cell(probe: Probe, mtu: number): string {
  if (!probe.answer.reachable) return "no answer";
  if (probe.answer.fullSize === false) return `not ${mtu} bytes`;
  return fault(probe, mtu) ? "translated" : show(time(probe));
}

function time(probe: Probe): number {
  return probe.answer.milliseconds ?? 0;
}

function show(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0)} ms`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
