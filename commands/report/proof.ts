import { fault } from "../../components/verification/failures";
import { cell } from "../../components/verification/matrix";
import type { Probe } from "../../components/verification/probes";
import { blocksOf } from "./blocks";
import type { HeatCell, Proof, Segment } from "./model";
import type { Read } from "./read";

/** One answer from a node to another, in as many words as a cell has. */
interface Answer {
  from: string;
  to: string;
  text: string;
  milliseconds: number | undefined;
  failed: boolean;
}

/** @param probes every probe with its answer; without them, what the state keeps of small networks */
export function proofOf(
  { matrix, passed, mtu }: Read<"proof">,
  segments: readonly Segment[],
  probes: readonly Probe[] | undefined,
): Proof {
  const nodes = segments.flatMap((segment) => segment.nodes.map(({ name }) => name));
  const answers = probes ? probes.flatMap((probe) => answered(probe, mtu ?? 0)) : readRows(matrix.rows, nodes);
  return {
    passed,
    summary: matrix.summary,
    failures: matrix.failures,
    mtu,
    heat: answers.length > 0 ? heatOf(answers, segments) : undefined,
  };
}

function answered(probe: Probe, mtu: number): Answer[] {
  if (probe.kind === "node") return [];
  const { from, to, answer } = probe;
  const failed = fault(probe, mtu) !== undefined;
  return [
    { from, to, text: cell(probe, mtu), milliseconds: answer.reachable ? answer.milliseconds : undefined, failed },
  ];
}

/** The rows of a verification's output: "node1 → node2 0.10 ms / 0.11 ms, node3 no answer". */
function readRows(rows: readonly string[], nodes: readonly string[]): Answer[] {
  const known = new Set(nodes);
  return rows.flatMap((row) => {
    const [from = "", peers = ""] = row.split(" → ", 2);
    return peers.split(", ").flatMap((entry) => {
      const [to = "", ...words] = entry.split(" ");
      if (!known.has(from) || !known.has(to)) return [];
      return words
        .join(" ")
        .split(" / ")
        .map((text): Answer => {
          const time = /^([\d.]+) ms$/.exec(text)?.[1];
          return { from, to, text, milliseconds: time === undefined ? undefined : Number(time), failed: !time };
        });
    });
  });
}

function heatOf(answers: readonly Answer[], segments: readonly Segment[]): Proof["heat"] {
  const blocks = blocksOf(segments);
  const place = new Map(blocks.flatMap(({ nodes }, index) => nodes.map((node) => [node, index])));
  const found = Map.groupBy(answers, ({ from, to }) => `${place.get(from)} ${place.get(to)}`);
  return {
    names: blocks.map(({ name }) => name),
    sizes: blocks.map(({ nodes }) => nodes.length),
    cells: blocks.map((from, row) =>
      blocks.map((to, column) => {
        const group = found.get(`${row} ${column}`);
        return group && summed(group, from.nodes.length === 1 && to.nodes.length === 1);
      }),
    ),
  };
}

function summed(group: readonly Answer[], single: boolean): HeatCell {
  const times = group.flatMap(({ milliseconds }) => milliseconds ?? []);
  const slowest = times.length > 0 ? Math.max(...times) : undefined;
  const failed = group.filter((one) => one.failed).length;
  const many = failed > 0 ? `${failed}/${group.length}` : `${shown(slowest ?? 0)} ms`;
  return {
    text: single ? group.map(({ text }) => text).join(" / ") : many,
    milliseconds: slowest,
    failed,
    probes: group.length,
  };
}

const shown = (milliseconds: number) => (milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0));
