import { failed, failureLines } from "../../components/verification/failures";
import { matrix, passed } from "../../components/verification/matrix";
import type { Verdict } from "../../components/verification/probes";
import type { VerificationSettings } from "../../components/verification/settings";
import { matrixTable } from "./table";

/** A network that was probed. */
export interface Probed {
  settings: VerificationSettings;
  verdict: Verdict;
}

/** Above this many nodes a table is unreadable: a summary and what failed are shown. */
const tableUpTo = 30;

/** Failures listed before the rest is only counted. */
const failuresShown = 50;

/** What a person reads. */
export function textReport({ settings, verdict }: Probed): string {
  const lines = failureLines(verdict, settings.mtu, failuresShown);
  const tabular = verdict.probes.length > 0 && verdict.nodes.length > 1 && verdict.nodes.length <= tableUpTo;
  return [
    `${settings.network}: ${matrix(verdict, settings).summary}`,
    ...(tabular ? [matrixTable(verdict, settings)] : []),
    ...lines.map((line) => `✖ ${line}`),
    ...verdict.complaints.map(({ node, text }) => `! ${node}, removing its probe pod: ${text}`),
  ].join("\n");
}

/** What a program reads: every probe. */
export function jsonReport(probed: Probed[]): string {
  const networks = probed.map(({ settings, verdict }) => ({
    network: verdict.network,
    passed: passed(verdict, settings),
    mtu: settings.mtu,
    failed: failed(verdict, settings.mtu).length,
    nodes: verdict.nodes,
    probes: verdict.probes,
    unprobed: verdict.unprobed,
  }));
  return JSON.stringify({ passed: networks.every((network) => network.passed), networks }, null, 2);
}
