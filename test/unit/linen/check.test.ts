import { describe, expect, test } from "vitest";
import { rack, read, refusal, star, type Written, warnings } from "./read";

describe("refused with the reason and the way out", () => {
  const written = (change: Partial<Written>): Written => ({ nodes: rack, topology: star, ...change });
  test.each<[string, Partial<Written>, string, string]>([
    [
      "a mesh that nothing breaks",
      { topology: { type: "mesh" } },
      "a full mesh of tunnels is a ring",
      'spanningTree: "rstp"',
    ],
    [
      "a hub that is not there",
      { topology: { type: "star", hub: "node9" } },
      "there is no node node9",
      "nodes are: node1",
    ],
    [
      "parts that meet",
      {
        ranges: {
          node1: { start: "10.244.1.1", end: "10.244.1.50" },
          node2: { start: "10.244.1.50", end: "10.244.1.99" },
          node3: { start: "10.244.3.1", end: "10.244.3.9" },
        },
      },
      "node2's part 10.244.1.50 to 10.244.1.99 meets node1's 10.244.1.1 to 10.244.1.50",
      "keep them apart",
    ],
    [
      "a part elsewhere, and a node without one",
      { ranges: { node1: { start: "10.9.0.1", end: "10.9.0.9" } } },
      "all in podCidr 10.244.0.0/16",
      "say ranges.node2",
    ],
    ["IPv6", { podCidr: ["fd00::/48"] }, "one IPv4 range", "10.244.0.0/16"],
    [
      "services among pods",
      { serviceCidr: "10.244.9.0/24" },
      "podCidr 10.244.0.0/16 overlaps serviceCidr",
      "a range of its own",
    ],
    ["packets that do not fit", { mtu: 1480 }, "1480 bytes and 50 of VXLAN do not fit", "take 1450 or less"],
    ["more nodes than parts", { podCidr: "10.244.0.0/24", nodePrefix: 25 }, "node", "10.244.0.0/24"],
    [
      "two who make tunnels",
      { flaxd: { image: "registry.example.com/flaxd:1" } },
      "podnet makes the tunnels, and flaxd would make them too",
      'tunnelsBy: "linen"',
    ],
    [
      "a file that flaxd does not read",
      { tunnelsBy: "linen", flaxd: { image: "a/flaxd:1" }, cni: { fileName: "10-linen.conflist" } },
      "flaxd reads linen.conflist",
      "leave fileName out",
    ],
    [
      "an image without a version",
      { tunnelsBy: "linen", flaxd: { image: "johnlin/flaxd" } },
      "an image with its tag",
      "flaxd.image",
    ],
    ["a specification that linen does not speak", { cni: { version: "1.0.0" as never } }, "0.3.1", "cni.version"],
  ])("%s", (_, change, rule, fix) => {
    const message = refusal(written(change));
    expect(message).toContain(rule);
    expect(message).toContain(fix);
  });

  test("a mesh that a spanning tree or a controller breaks is taken", () => {
    expect(() => read(written({ topology: { type: "mesh", spanningTree: "stp" } }))).not.toThrow();
    expect(() => read(written({ topology: { type: "mesh" }, controller: "tcp:192.0.2.9:6653" }))).not.toThrow();
  });
});

test("an endpoint of a node that is not there is told", () => {
  expect(warnings({ nodes: rack, topology: star, endpoints: { node9: "198.18.0.9" } })).toEqual([
    expect.stringContaining("endpoints.node9: there is no node node9"),
  ]);
});
