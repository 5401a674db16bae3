import { describe, expect, test } from "vitest";
import { changeFiles } from "../../../components/node/change-files";
import { driftOf } from "../../../components/node/drift";
import { type Item, identity, satisfies } from "../../../components/node/item";
import { byIdentity } from "../../../components/node/manifest";
import { ovsRows } from "../../../components/node/ovsdb/read";
import { plan } from "../../../components/node/plan";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { facts, items, listing, planned, shell, whole } from "./ovs-world";

describe("what a node has, in its database's words", () => {
  test("every row of a state is read as it was written, and nothing more is to do", () => {
    const found = ovsRows(listing);
    const different = items({ openvswitch: whole }).filter(
      ({ key, value }) => !satisfies(found?.get(key) ?? null, value),
    );
    expect(different.map(({ key }) => key)).toEqual([]);
    expect(planned({ openvswitch: whole }, facts(listing)).steps).toEqual([]);
  });

  test("what somebody sets by hand shows with both values", () => {
    const byHand = listing.replace('"secure"', '"standalone"').replace('["key","flow"]', '["key","7"]');
    expect(driftOf(byIdentity(items({ openvswitch: whole })), facts(byHand))).toEqual([
      { item: "openvswitch bridge t0", expected: "fail_mode=secure", found: "fail_mode=standalone" },
      {
        item: "openvswitch interface vxx",
        expected: "options=key=flow,remote_ip=1.2.3.4",
        found: "options=key=7,remote_ip=1.2.3.4",
      },
    ]);
  });

  test("a setting that is taken back goes from the database, too", () => {
    const [bridge, ...others] = whole;
    const plainer = [{ ...bridge, fail_mode: undefined, protocols: [] }, ...others] as typeof whole;
    const on = facts(listing);
    const owned = { owner: "net", node: "n", change: "", version: 1 as const, derived: [], origins: [] };
    const { steps } = plan({
      items: items({ openvswitch: plainer }),
      manifest: { ...owned, state: nodeState.parse({ openvswitch: whole }) },
      facts: on,
      adopt: false,
    });
    expect(shell(steps).join()).toContain("-- 'set' 'Bridge' 't0' 'protocols=[]' 'fail_mode=[]'");
  });

  test("a database that does not answer, or answers half, is said to, and nothing is planned from it", () => {
    for (const answer of [undefined, "", listing.split("\n").slice(0, 5).join("\n")])
      expect(planned({ openvswitch: whole }, facts(answer ?? "")).problems).toContainEqual(
        expect.stringContaining("database does not answer"),
      );
    expect(() => ovsRows(listing.replace('"t0"', '{"t0":1}'))).toThrow(/openvswitch/);
  });
});

describe("one transaction", () => {
  test("makes a bridge, a tagged port and a tunnel", () => {
    const state: NodeStateInput = {
      openvswitch: [
        { table: "port", name: "eth1", bridge: "br0", tag: 10 },
        { table: "bridge", name: "br0" },
        { table: "interface", name: "vx0", type: "geneve", options: { remote_ip: "192.0.2.2" } },
        { table: "port", name: "vx0", bridge: "br0" },
      ],
      links: [{ type: "device", name: "br0" }],
    };
    const [transaction, ...rest] = shell(planned(state).steps);
    const commands = transaction?.split(" -- ").map((line) => line.replaceAll("'", ""));
    expect(commands?.slice(1, 6)).toEqual([
      "--may-exist add-br br0",
      expect.stringMatching(/^set Bridge br0 external_ids:podnet=net datapath_type="" /),
      "--may-exist add-port br0 eth1",
      expect.stringMatching(/^set Port eth1 external_ids:podnet=net tag=10 trunks=\[\] /),
      "--may-exist add-port br0 vx0",
    ]);
    expect(commands?.at(-1)).toContain(`set Interface vx0 type="geneve" options={"remote_ip"="192.0.2.2"}`);
    expect(rest).toEqual(["printf '%s\\n' 'link set dev br0 up' | ip -batch - || failed 'link set dev br0 up'"]);
  });

  test("a spanning tree ends before a port is added, which would get no broadcasts otherwise", () => {
    const before: NodeStateInput["openvswitch"] = [{ table: "bridge", name: "br0", rstp_enable: true }];
    const on = facts();
    for (const { key, value } of items({ openvswitch: before })) on.openvswitch?.set(key, value ?? {});
    const [first, second] = shell(
      planned(
        {
          openvswitch: [
            { table: "bridge", name: "br0" },
            { table: "port", name: "d0", bridge: "br0" },
          ],
        },
        on,
      ).steps,
    );
    expect(first).toContain("'rstp_enable=false'");
    expect(first).not.toContain("add-port");
    expect(second).toContain("add-port");
  });

  test("a mirror that another bridge has goes over to it", () => {
    const mirror = (bridge: string): NodeStateInput["openvswitch"] => [{ table: "mirror", name: "m", bridge }];
    const on = facts();
    const [before] = items({ openvswitch: mirror("br0") });
    on.openvswitch?.set("mirror m", before?.value ?? {});
    const [line] = shell(planned({ openvswitch: mirror("br1") }, on).steps);
    expect(line?.replaceAll("'", "")).toMatch(
      /--id=(@\w+) get Mirror m -- remove Bridge br0 mirrors \1 -- add Bridge br1 mirrors \1/,
    );
  });

  test("a device that Open vSwitch cannot have fails the change, though ovs-vsctl succeeds", () => {
    expect(shell(planned({ openvswitch: [{ table: "bridge", name: "br0" }] }).steps)[0]).toMatch(
      /case \$said in \*"Error detected"\*\) false/,
    );
  });

  test("an undo tries each row by itself, and brings back what stood before", () => {
    const { undo } = planned({ openvswitch: whole.slice(0, 6) }, facts());
    expect(shell(undo, "undo").filter((line) => line.includes("del-"))).toEqual([
      "ovs-vsctl --timeout=10 -- '--if-exists' 'del-port' 'bond0' || keep 'Open vSwitch'\\''s port bond0'",
      "ovs-vsctl --timeout=10 -- '--if-exists' 'del-br' 't0' || keep 'Open vSwitch'\\''s bridge t0'",
    ]);
    const changed = planned(
      { openvswitch: [{ table: "bridge", name: "t0", datapath_type: "netdev" }] },
      facts(listing),
    );
    expect(shell(changed.undo, "undo")[0]).toContain(`'fail_mode="secure"'`);
    expect(shell(changed.undo, "undo")[0]).toContain(`'protocols=["OpenFlow10","OpenFlow13"]'`);
  });

  test("a port that gives its NIC to a bond leaves first, on the way there and back", () => {
    const before: Item = items({ openvswitch: [{ table: "port", name: "d0", bridge: "br0" }] })[0] as Item;
    const bond = items({
      openvswitch: [{ table: "port", name: "bond0", bridge: "br0", interfaces: ["d0", "d1"] }],
    })[0] as Item;
    const on = facts();
    on.openvswitch?.set(before.key, before.value ?? {});
    const state = nodeState.parse({ openvswitch: [{ table: "port", name: "d0", bridge: "br0" }] });
    const manifest = { version: 1 as const, owner: "net", node: "n", change: "", derived: [], origins: [], state };
    const { steps, undo } = plan({ items: [bond], manifest, facts: on, adopt: false });
    expect(steps.map((step) => [identity(step), step.to === null])).toEqual([
      ["openvswitch port d0", true],
      ["openvswitch port bond0", false],
    ]);
    expect(undo.map((step) => [identity(step), step.to === null])).toEqual([
      ["openvswitch port bond0", true],
      ["openvswitch port d0", false],
    ]);
  });
});

describe("after a reboot", () => {
  const state: NodeStateInput = {
    openvswitch: [{ table: "bridge", name: "br0" }],
    links: [{ type: "device", name: "br0" }],
    addresses: [{ device: "br0", address: "10.9.0.1/24" }],
  };
  const { steps, undo } = planned(state);
  const next = { state: nodeState.parse(state), derived: [], origins: [] };
  const files = changeFiles({ steps, undo }, next, { owner: "net", token: "t", contents: new Map() });

  test("the database has its rows still, and the replay gives the bridge its address and takes it up", () => {
    expect(files.replay).not.toContain("ovs-vsctl");
    expect(files.replay).toContain("link set dev br0 up");
    expect(files.replay).toContain("address replace 10.9.0.1/24 dev br0");
  });

  test("a change that was not confirmed is taken out of the database", () => {
    const [, atBoot = ""] = files.undo.split('elif [ "$mode" = boot ]; then');
    expect(atBoot.split("else")[0]).toContain("'del-br' 'br0'");
  });
});
