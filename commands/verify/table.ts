import Table from "cli-table3";
import { fault } from "../../components/verification/failures";
import { cell } from "../../components/verification/matrix";
import type { Probe, Verdict } from "../../components/verification/probes";
import type { VerificationSettings } from "../../components/verification/settings";

/** Up to this many nodes the cells hold words and times; above, one sign each. */
const wordsUpTo = 8;

/** A row for each sending node, a column for each receiving one; "/" parts address families. */
export function matrixTable(verdict: Verdict, { mtu }: VerificationSettings): string {
  const { nodes } = verdict;
  const wide = nodes.length <= wordsUpTo;
  const table = new Table({
    head: ["from ↓ to →", ...nodes.map((node, index) => (wide ? node : String(index + 1)))],
    style: { head: [], border: [], compact: true },
  });
  const probes = Map.groupBy(
    verdict.probes.filter((probe) => probe.kind !== "node"),
    (probe) => `${probe.from} ${probe.to}`,
  );
  const unprobed = new Set(verdict.unprobed.map((entry) => entry.node));
  const show = (probe: Probe) => (wide ? cell(probe, mtu) : fault(probe, mtu) ? "✖" : "✔");
  for (const [index, from] of nodes.entries()) {
    const cells = nodes.map((to) => {
      const found = probes.get(`${from} ${to}`);
      if (found) return found.map(show).join("/");
      return unprobed.has(from) || unprobed.has(to) ? "?" : "";
    });
    table.push([wide ? from : `${index + 1} ${from}`, ...cells]);
  }
  return table.toString();
}
