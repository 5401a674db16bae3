import builder from "junit-report-builder";
import { fault, pairText } from "../../components/verification/failures";
import type { Probed } from "./report";

/** A suite a network, a case a probe: what CI systems show as tests. */
export function junitReport(probed: Probed[]): string {
  const report = builder.newBuilder();
  for (const { settings, verdict } of probed) {
    const suite = report.testSuite().name(settings.network);
    for (const { node, reason } of verdict.unprobed) {
      suite.testCase().className(settings.network).name(`${node}: probe pod`).error(reason);
    }
    for (const probe of verdict.probes) {
      const family = probe.family === "ipv4" ? "IPv4" : "IPv6";
      const kind = { pod: "pod", node: "node address", ownPod: "own pod" }[probe.kind];
      const test = suite
        .testCase()
        .className(settings.network)
        .name(`${pairText(probe)} (${kind} ${probe.target}) over ${family}`)
        .time((probe.answer.milliseconds ?? 0) / 1000);
      const text = fault(probe, settings.mtu);
      if (text) test.failure(`${pairText(probe)}: ${text} (${probe.source} → ${probe.target})`);
    }
  }
  return report.build();
}
