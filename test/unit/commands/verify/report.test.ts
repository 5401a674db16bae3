import { describe, expect, test } from "vitest";
import { junitReport } from "../../../../commands/verify/junit";
import { jsonReport, type Probed, textReport } from "../../../../commands/verify/report";
import type { Probe } from "../../../../components/verification/probes";
import { verificationSettings } from "../../../../components/verification/settings";

/** Every pair of n nodes, where what node1 sends to the last node is not answered. */
function probed(count: number, broken = true): Probed {
  const nodes = Array.from({ length: count }, (_, index) => `node${index + 1}`);
  const settings = verificationSettings.parse({
    network: "pods",
    nodes: nodes.map((name) => ({ name, connection: { host: "192.0.2.1" } })),
    cni: { configFile: "/etc/cni/net.d/10-podnet-pods.conflist" },
    mtu: 1500,
    coverage: "full",
  });
  const probes = nodes.flatMap((from) =>
    nodes.map((to): Probe => {
      const silent = broken && from === "node1" && to === nodes.at(-1);
      return {
        kind: from === to ? "ownPod" : "pod",
        from,
        to,
        family: "ipv4",
        source: `pod of ${from}`,
        target: `pod of ${to}`,
        answer: silent ? { reachable: false } : { reachable: true, milliseconds: 0.25, fullSize: true },
      };
    }),
  );
  return { settings, verdict: { network: "pods", nodes, probes, unprobed: [], complaints: [] } };
}

describe("for people", () => {
  test("a small cluster is a table with times, then what failed", () => {
    expect(`\n${textReport(probed(3))}`).toMatchInlineSnapshot(`
      "
      pods: 3 nodes, every pair; 1 of 9 probes fail; 0.25 ms in the middle, 0.25 ms at most (node3 → node2)
      ┌─────────────┬─────────┬─────────┬───────────┐
      │ from ↓ to → │ node1   │ node2   │ node3     │
      ├─────────────┼─────────┼─────────┼───────────┤
      │ node1       │ 0.25 ms │ 0.25 ms │ no answer │
      │ node2       │ 0.25 ms │ 0.25 ms │ 0.25 ms   │
      │ node3       │ 0.25 ms │ 0.25 ms │ 0.25 ms   │
      └─────────────┴─────────┴─────────┴───────────┘
      ✖ node1 → node3: no answer over IPv4 (pod of node1 → pod of node3)"
    `);
  });

  test("a node that could not be probed leaves question marks and its reason", () => {
    const { settings, verdict } = probed(2, false);
    const unprobed = [{ node: "node2", reason: "no route to host" }];
    const probes = verdict.probes.filter(({ from, to }) => from !== "node2" && to !== "node2");
    const text = textReport({ settings, verdict: { ...verdict, probes, unprobed } });
    expect(text).toContain("│ node1       │ 0.25 ms │ ?     │");
    expect(text).toContain("✖ node2: no route to host");
  });

  test("up to 30 nodes a sign a pair, in columns that are numbered", () => {
    const text = textReport(probed(30));
    expect(text).toContain("│ 1 node1");
    expect(text.match(/✔/g)).toHaveLength(30 * 30 - 1);
  });

  test("above 30 nodes only a summary and what failed", () => {
    expect(textReport(probed(31))).toBe(
      "pods: 31 nodes, every pair; 1 of 961 probes fail; 0.25 ms in the middle, 0.25 ms at most (node31 → node30)\n" +
        "✖ node1 → node31: no answer over IPv4 (pod of node1 → pod of node31)",
    );
  });
});

test("for programs: every probe, and whether all passed", () => {
  const report = JSON.parse(jsonReport([probed(2, false), probed(3)]));
  expect(report.passed).toBe(false);
  expect(report.networks.map((network: { passed: boolean }) => network.passed)).toEqual([true, false]);
  expect(report.networks[1].probes).toHaveLength(9);
  expect(report.networks[1].failed).toBe(1);
});

test("for CI systems: a case a probe, failures with their text, errors for nodes", () => {
  const { settings, verdict } = probed(2);
  const unprobed = [{ node: "node3", reason: "no <route>" }];
  const xml = junitReport([{ settings, verdict: { ...verdict, unprobed } }]);
  expect(xml).toContain('<testsuite name="pods" tests="5" failures="1" errors="1"');
  expect(xml).toContain("node1 → node2: no answer over IPv4 (pod of node1 → pod of node2)");
  expect(xml).toContain("no &lt;route>");
});
