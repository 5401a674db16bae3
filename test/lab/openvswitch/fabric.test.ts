import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenVSwitchArgs } from "../../../components";
import type { Bed } from "../bed";
import { tcpdump } from "../wire";
import {
  endpoints,
  fabric,
  host,
  inNode,
  names,
  ovsBed,
  reaches,
  reboot,
  seen,
  seenOnCable,
  traces,
  underlay,
} from "./world";

let place: Bed;
const found = new Map<string, string>();
const lan = (protocol: "vxlan" | "geneve" | "gre"): OpenVSwitchArgs["bridges"] => ({
  ...underlay(),
  "br-lan": {
    ports: {
      p10: { type: "nic", tag: 10 },
      p20: { type: "nic", tag: 20 },
      trunk: { type: "nic", trunks: [10], nodes: ["node1"] },
      own10: { type: "internal", tag: 10, addresses: { node3: "10.10.0.33/24" }, nodes: ["node3"] },
    },
    tunnels: { tn: { protocol, key: 7, endpoints: endpoints() } },
  },
});

beforeAll(async () => {
  place = await ovsBed("ovs");
  for (const [index, node] of names.entries()) {
    // Both VLANs have hosts of one subnet: only the VLAN holds them apart.
    await host(place.lab, node, "p10", `10.10.0.${index + 1}/24`);
    await host(place.lab, node, "p20", `10.10.0.${index + 11}/24`);
  }
  await host(place.lab, "node1", "trunk", "10.10.0.99/24");
  for (const node of names) found.set(node, await place.lab.snapshot(node));
});
afterAll(() => place?.end());

const rowsOf = (node: string, words: string) => inNode(place.lab, node, `ovs-vsctl --bare ${words}`);
/** A tunnel drops packets until it knows the hardware address of its other end. */
const expectReached = (node: string, port: string, address: string) =>
  expect
    .poll(() => reaches(place.lab, node, port, address), { timeout: 180_000, message: `${node} → ${address}` })
    .toBe(true);
/** Packets of tunnels on a node's cable while hosts behind them ping each other. */
const onTheWire = (filter: string, frame: RegExp, node: string, address: string) =>
  seenOnCable(place.lab, "node1.1", filter, frame, () => reaches(place.lab, node, "p10", address));

describe.sequential("one LAN of VLANs over three nodes", () => {
  test("up makes bridges and a VXLAN mesh, and hosts of one VLAN reach each other on every node", async () => {
    place.program.run = fabric(place, { bridges: lan("vxlan") });
    const { outputs } = await place.stack.up();
    expect(outputs.ports?.value).toEqual([{ protocol: "udp", protocolNumber: 17, port: 4789 }]);
    for (const [from, address] of [
      ["node1", "10.10.0.2"],
      ["node2", "10.10.0.3"],
      ["node3", "10.10.0.1"],
      ["node2", "10.10.0.33"],
    ] as const)
      await expectReached(from, "p10", address);
    await expectReached("node1", "p20", "10.10.0.12");
    expect(await reaches(place.lab, "node1", "p20", "10.10.0.2")).toBe(false);
    expect(await reaches(place.lab, "node1", "p10", "10.10.0.11")).toBe(false);
  });

  test("a trunk carries its VLAN with the tag, and no other", async () => {
    const asked = /vlan 10.*who-has 10\.10\.0\.77/;
    const frames = await seen(
      place.lab,
      "node1",
      `ip netns exec trunk ${tcpdump} -e -i in arp or vlan`,
      asked,
      async () => {
        await reaches(place.lab, "node1", "p10", "10.10.0.77");
        await reaches(place.lab, "node1", "p20", "10.10.0.78");
      },
    );
    expect(frames).toMatch(asked);
    expect(frames).not.toContain("10.10.0.78");
  });

  test("packets between nodes are VXLAN's of that key on port 4789; no frame goes round", async () => {
    const frame = /10\.77\.0\.\d\.\d+ > 10\.77\.0\.\d\.4789: VXLAN.*vni 7/;
    expect(await onTheWire("udp port 4789", frame, "node1", "10.10.0.2")).toMatch(frame);
    const asked = await seen(
      place.lab,
      "node3",
      `ip netns exec p10 ${tcpdump} -i in arp`,
      /who-has 10\.10\.0\.88/,
      () => place.lab.exec("node1", "ip netns exec p10 ping -q -c 1 -W 1 10.10.0.88"),
    );
    expect(asked.split("\n").filter((line) => line.includes("who-has 10.10.0.88")).length).toBeLessThan(4);
  });

  test("an unchanged up does nothing, and a refresh finds all as it should be", async () => {
    expect(Object.keys((await place.stack.up()).summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(Object.keys((await place.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("what somebody does by hand is found by refresh with both values, and repaired by up", async () => {
    await place.lab.exec(
      "node1",
      "ovs-vsctl set Port p10 tag=99 -- set Bridge br-lan stp_enable=true -- del-port tn-0a4d0002",
    );
    await place.lab.exec("node2", "ovs-vsctl del-br br-lan");
    const { stdout, summary } = await place.stack.refresh();
    expect(summary.resourceChanges).toMatchObject({ update: 2 });
    for (const word of ["port p10", "tag=10", "tag=99", "stp_enable=true", "port tn-0a4d0002", "bridge br-lan"])
      expect(stdout).toContain(word);
    await place.stack.up();
    await expectReached("node1", "p10", "10.10.0.2");
    expect(Object.keys((await place.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test.each([
    ["gre", "ip proto 47", /10\.77\.0\.\d > 10\.77\.0\.\d: GREv0, key=0x7/],
    ["geneve", "udp port 6081", /\.6081: Geneve.*vni 0x7/],
  ] as const)("another protocol is one change of the tunnels on every node: %s", async (protocol, filter, frame) => {
    place.program.run = fabric(place, { bridges: lan(protocol) });
    await place.stack.up();
    await expectReached("node2", "p10", "10.10.0.1");
    expect(await onTheWire(filter, frame, "node2", "10.10.0.1")).toMatch(frame);
    expect(await rowsOf("node1", "--columns=type find Interface name=tn-0a4d0002")).toBe(protocol);
  });

  test("after a reboot bridges are up with their addresses, and hosts that come back are reached", async () => {
    await reboot(place.lab, "node2");
    expect(await inNode(place.lab, "node2", "ip -br address show br-phy")).toContain("10.77.0.2/24");
    // Their cables are gone with the boot, and so are the rules of these.
    await host(place.lab, "node2", "p10", "10.10.0.2/24");
    await host(place.lab, "node2", "p20", "10.10.0.12/24");
    await place.stack.refresh();
    await place.stack.up();
    await expectReached("node1", "p10", "10.10.0.2");
  });

  test("destroy takes its rows and nothing of others", async () => {
    await place.lab.exec("node1", "ovs-vsctl add-br others -- set Bridge others datapath_type=netdev");
    await place.stack.destroy();
    expect(await rowsOf("node1", "--columns=name list Bridge")).toBe("others");
    await place.lab.exec("node1", "ovs-vsctl del-br others");
    for (const node of names) expect(await traces(place.lab, node, found.get(node) ?? ""), node).toEqual([]);
  });
});
