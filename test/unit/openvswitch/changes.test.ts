import { describe, expect, test } from "vitest";
import type { Change } from "../../../components/change";
import { networkChanges } from "../../../components/changes";
import { recorded } from "../../../components/network-nodes/record";
import { changes, rules } from "../../../components/openvswitch/changes";
import { openVSwitchSettings } from "../../../components/openvswitch/settings";
import { paths } from "../setting-paths";
import { rack, read, type Written } from "./read";

const base: Written = {
  nodes: rack,
  bridges: { br0: { ports: { eth1: { type: "nic", tag: 10 } }, tunnels: { vx: { protocol: "vxlan", key: 1 } } } },
};
const of = (bridge: Partial<Written["bridges"][string]>): Written => ({
  ...base,
  bridges: { br0: { ...base.bridges.br0, ...bridge } },
});
const changed = (after: Written, before = base): Change[] => changes(recorded(read(before)), recorded(read(after)));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`);

test("every setting has a rule that says what its change does", () => {
  const known = Object.keys(rules);
  const all = paths(openVSwitchSettings).filter((path) => path !== "nodes");
  const covered = (path: string) => [path, `${path}.*`, path.replace(/\.\w+$/, "")].some((one) => known.includes(one));
  expect(all.filter((path) => !covered(path))).toEqual([]);
  expect(networkChanges.openvswitch).toBe(changes);
});

describe("what a change means", () => {
  test.each<[string, Written, string[]]>([
    ["a bridge more", { ...base, bridges: { ...base.bridges, br1: {} } }, ["rolling bridges.br1"]],
    ["a bridge less", { ...base, bridges: {} }, ["disruptive bridges.br0"]],
    [
      "a port more",
      of({ ports: { ...base.bridges.br0?.ports, lan: { type: "internal" } } }),
      ["rolling bridges.br0.ports.lan"],
    ],
    ["a port less", of({ ports: {} }), ["disruptive bridges.br0.ports.eth1"]],
    ["another VLAN", of({ ports: { eth1: { type: "nic", tag: 20 } } }), ["disruptive bridges.br0.ports.eth1.tag"]],
    [
      "a rate",
      of({ ports: { eth1: { type: "nic", tag: 10, qos: { maxRate: 1000 } } } }),
      ["rolling bridges.br0.ports.eth1.qos"],
    ],
    ["another VNI", of({ tunnels: { vx: { protocol: "vxlan", key: 2 } } }), ["disruptive bridges.br0.tunnels.vx.key"]],
    [
      "a way of VLANs that was not said, and a number that goes",
      of({
        ports: { eth1: { type: "nic", tag: 10, vlanMode: "native-tagged" } },
        tunnels: { vx: { protocol: "vxlan" } },
      }),
      ["disruptive bridges.br0.ports.eth1.vlanMode", "disruptive bridges.br0.tunnels.vx.key"],
    ],
    ["copies into a VLAN", of({ mirrors: { m: { all: true, outputVlan: 99 } } }), ["disruptive bridges.br0.mirrors.m"]],
    ["a collector", of({ sflow: { targets: "192.0.2.9:6343" } }), ["safe bridges.br0.sflow"]],
    [
      "the NIC",
      of({ uplink: true, spanningTree: "rstp" }),
      ["rolling bridges.br0.uplink", "disruptive bridges.br0.spanningTree"],
    ],
    ["the datapath", { ...base, datapath: "netdev", bridges: {} }, ["disruptive datapath", "disruptive bridges.br0"]],
  ])("%s", (_, after, expected) => {
    expect(new Set(classes(changed(after)))).toEqual(new Set(expected));
  });

  test("a mirror takes its port from all others when it comes, and not again", () => {
    const mirrored = (more: object) =>
      of({ ports: { ...base.bridges.br0?.ports, span: { type: "internal" } }, mirrors: { m: { ...more, all: true } } });
    const before = mirrored({ outputPort: "span" });
    expect(classes(changed(mirrored({ outputPort: "span", snapLength: 128 }), before))).toEqual([
      "safe bridges.br0.mirrors.m",
    ]);
    expect(classes(changed(mirrored({ outputPort: "eth1" }), before))).toEqual(["disruptive bridges.br0.mirrors.m"]);
    expect(classes(changed(before, mirrored({ outputPort: "eth1" })))).toEqual(["disruptive bridges.br0.mirrors.m"]);
    expect(classes(changed(of({ ports: base.bridges.br0?.ports }), before)).sort()).toEqual([
      "disruptive bridges.br0.ports.span",
      "safe bridges.br0.mirrors.m",
    ]);
  });

  test("another name is refused with the way round", () => {
    const [refusal] = changes(recorded(read(base)), { ...recorded(read(base)), name: "other" });
    expect(refusal).toMatchObject({ class: "refused", path: "name" });
    expect(refusal?.wayRound).toContain("make a second one");
  });
});
