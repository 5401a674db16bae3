import { describe, expect, test } from "vitest";
import { amendment } from "../../../components/node/amendment";
import { type NodeStateInput, nodeState } from "../../../components/node/state";

const base: NodeStateInput = {
  files: [{ path: "/etc/x", content: "x" }],
  links: [{ type: "vxlan", name: "vx0", vni: 1, local: "192.0.2.1", peers: [{ address: "198.51.100.1" }] }],
  routes: [{ to: "10.244.1.0/24", via: "192.0.2.2", count: 2 }],
};
const steps = (after: NodeStateInput, before = base) => amendment(nodeState.parse(before), nodeState.parse(after));
const words = (list: ReturnType<typeof steps>) => list?.map(({ kind, key, to }) => `${to ? "+" : "-"}${kind} ${key}`);

describe("a change needs no look at the node", () => {
  test("when another node joins: one route each, whatever run it is part of", () => {
    const joined = { ...base, routes: [{ to: "10.244.1.0/24", via: "192.0.2.2", count: 3 }] };
    expect(words(steps(joined))).toEqual(["+route 10.244.3.0/24 table 254 metric 0"]);
  });
  test("when a tunnel gets another peer", () => {
    const links = [{ ...base.links?.[0], peers: [{ address: "198.51.100.1", count: 2 }] }] as NodeStateInput["links"];
    expect(words(steps({ ...base, links }))).toEqual(["+link vx0"]);
  });
  test("when a next hop changes", () => {
    expect(steps({ ...base, routes: [{ to: "10.244.1.0/24", via: "192.0.2.9", count: 2 }] })).toHaveLength(2);
  });
});

describe("the node is read first", () => {
  const cases: [string, NodeStateInput][] = [
    ["when a file changes", { ...base, files: [{ path: "/etc/x", content: "y" }] }],
    ["when a route goes: what stood there before is the node's to know", { ...base, routes: [] }],
    [
      "when the default route changes",
      { ...base, routes: [...(base.routes ?? []), { to: "default", via: "192.0.2.9" }] },
    ],
    ["when a device comes", { ...base, links: [...(base.links ?? []), { type: "dummy", name: "d0" }] }],
    [
      "when a tunnel's number changes",
      { ...base, links: [{ type: "vxlan", name: "vx0", vni: 2, local: "192.0.2.1" }] },
    ],
    ["when a NIC moves", { ...base, uplinks: [{ device: "eth0", bridge: "br0" }] }],
  ];
  test.each(cases)("%s", (_, after) => expect(steps(after)).toBeUndefined());
});
