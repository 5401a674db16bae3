import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coverageOf, pairs } from "../../../components/verification/pairs";
import { verificationSettings } from "../../../components/verification/settings";

describe("which node probes which", () => {
  test("every pair in both directions with full coverage", () => {
    const found = pairs(4, "full").flatMap((targets, node) => targets.map((target) => `${node}${target}`));
    expect(found.sort()).toEqual(["01", "02", "03", "10", "12", "13", "20", "21", "23", "30", "31", "32"]);
  });

  test("a node without others probes nobody", () => {
    expect(pairs(1, "full")).toEqual([[]]);
    expect(pairs(1, { peers: 3 })).toEqual([[]]);
  });

  test("with n peers, each node probes n different others and is probed by n", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 1, max: 20 }), (count, peers) => {
        const expected = Math.min(peers, count - 1);
        const probedBy = new Array<number>(count).fill(0);
        pairs(count, { peers }).forEach((targets, node) => {
          expect(new Set(targets).size).toBe(expected);
          expect(targets).not.toContain(node);
          for (const target of targets) probedBy[target] = (probedBy[target] ?? 0) + 1;
        });
        expect(probedBy).toEqual(new Array(count).fill(expected));
      }),
    );
  });

  test("20 nodes are probed in full, 21 by three peers each, and the user's word goes before both", () => {
    const settings = (count: number, coverage?: { peers: number }) =>
      verificationSettings.parse({
        network: "pods",
        nodes: Array.from({ length: count }, (_, index) => ({
          name: `node${index}`,
          connection: { host: "192.0.2.1" },
        })),
        cni: { configFile: "/etc/cni/net.d/10-pods.conflist" },
        mtu: 1500,
        coverage,
      });
    expect(coverageOf(settings(20))).toBe("full");
    expect(coverageOf(settings(21))).toEqual({ peers: 3 });
    expect(coverageOf(settings(5, { peers: 2 }))).toEqual({ peers: 2 });
  });
});
