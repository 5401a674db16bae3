import { describe, expect, test } from "vitest";
import type { Facts } from "../../../components/node/facts";
import { identity } from "../../../components/node/item";
import { item as itemSchema } from "../../../components/node/item-schema";
import type { NodeStateInput } from "../../../components/node/state";
import { facts, items, listing, planned, whole } from "./ovs-world";

describe("the NIC that carries the node moves into a bridge", () => {
  const state: NodeStateInput = {
    openvswitch: [
      { table: "bridge", name: "br-ex", macFrom: "eth0" },
      { table: "port", name: "br-ex", bridge: "br-ex" },
      { table: "interface", name: "br-ex", type: "internal" },
      { table: "port", name: "eth0", bridge: "br-ex" },
      { table: "interface", name: "eth0" },
    ],
    links: [{ type: "device", name: "br-ex" }],
    uplinks: [{ device: "eth0", bridge: "br-ex" }],
  };
  const made = planned(state);

  test("with its hardware address, its address and no kernel bridge, and waits for a confirmation", () => {
    expect(made.problems).toEqual([]);
    expect(made.steps.map(identity)).toEqual([
      "openvswitch bridge br-ex",
      "openvswitch port br-ex",
      "openvswitch port eth0",
      "openvswitch interface br-ex",
      "openvswitch interface eth0",
      "link br-ex",
      "address br-ex 198.18.0.11/22",
      "address eth0 198.18.0.11/22",
    ]);
    expect(made.steps[0]?.to?.other_config).toEqual(["hwaddr=02:00:00:00:00:aa"]);
    expect(made.dangers).toContain("openvswitch port eth0: 198.18.0.11/22 of the node is on eth0");
  });

  test("a tunnel beside it, and what only watches, need no confirmation", () => {
    const beside: NodeStateInput["openvswitch"] = [
      { table: "bridge", name: "br0" },
      { table: "port", name: "vx0", bridge: "br0" },
      { table: "interface", name: "vx0", type: "vxlan" },
      { table: "sflow", name: "eth0", targets: ["192.0.2.9:6343"] },
    ];
    expect(planned({ openvswitch: beside }).dangers).toEqual([]);
  });

  test("what changes on the bridge that carries it afterwards waits for one, too", () => {
    const on = facts();
    on.addresses.push({ ...(on.addresses[0] as Facts["addresses"][number]), device: "br-ex" });
    for (const { key, value } of items({ openvswitch: state.openvswitch })) on.openvswitch?.set(key, value ?? {});
    const secure: NodeStateInput["openvswitch"] = [
      { table: "controller", name: "br-ex", targets: ["tcp:192.0.2.9:6653"] },
    ];
    expect(planned({ openvswitch: secure }, on).dangers).toEqual([
      "openvswitch controller br-ex: 198.18.0.11/22 of the node is on br-ex",
    ]);
    expect(planned({ openvswitch: [{ table: "interface", name: "eth0", cfm_mpid: 4 }] }, on).dangers).toHaveLength(1);
  });
});

describe("refused before anything is done", () => {
  test("a node without Open vSwitch", () => {
    const on = facts();
    on.tools.delete("ovs-vsctl");
    expect(planned({ openvswitch: whole }, on).problems).toEqual([
      "the node lacks the program ovs-vsctl: install openvswitch-switch",
    ]);
  });

  test("a NIC in somebody else's port, and a device that is not there", () => {
    const state: NodeStateInput["openvswitch"] = [
      { table: "bridge", name: "br1" },
      { table: "port", name: "bond1", bridge: "br1", interfaces: ["d0", "eth9"] },
      { table: "interface", name: "d0" },
      { table: "interface", name: "eth9" },
    ];
    expect(planned({ openvswitch: state }, facts(listing)).problems).toEqual([
      "d0 is in the port bond0 of the Open vSwitch bridge t0, which is not podnet's: take it out there (ovs-vsctl del-port t0 bond0)",
      "there is no device eth9 for Open vSwitch; the node has eth0, d0, d1",
    ]);
  });

  test.each([
    ["port eth0 x", null],
    ["port $(reboot)", null],
    ["no-table eth0", null],
    ["port eth0", { "tag; reboot": 1 }],
  ])("what a node claims to remember of %j is no row of a database", (key, value) => {
    expect(itemSchema.safeParse({ kind: "openvswitch", key, value }).success).toBe(false);
  });
});
