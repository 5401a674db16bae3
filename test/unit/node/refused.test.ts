import { describe, expect, test } from "vitest";
import type { Facts, LinkFact } from "../../../components/node/facts";
import { identity } from "../../../components/node/item";
import { resolve } from "../../../components/node/resolve";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { facts, planFor } from "./one-nic";

describe("what would fail or cut off is refused before anything is done", () => {
  const problemsOf = (input: NodeStateInput, change: (on: Facts) => void = () => undefined) => {
    const on = facts();
    change(on);
    return planFor(input, on).resolved.problems;
  };
  test("a next hop that is not on-link, with the routes and the node's subnets", () => {
    expect(problemsOf({ routes: [{ to: "10.244.1.0/24", via: "198.18.4.11", count: 3 }] })).toEqual([
      expect.stringMatching(
        /^next hop 198\.18\.4\.11 .*10\.244\.1\.0\/24\) is not on-link: the node has 198\.18\.0\.11\/22/,
      ),
      expect.stringContaining("198.18.4.12"),
      expect.stringContaining("198.18.4.13"),
    ]);
  });
  test("a next hop that only a default route by several next hops covers", () => {
    const several = (on: Facts) => {
      const route = on.routes.find(({ to }) => to === "0.0.0.0/0");
      if (route) Object.assign(route, { via: null, device: null, unsupported: ["nexthops"] });
    };
    expect(problemsOf({ routes: [{ to: "10.244.1.0/24", via: "198.18.4.11" }] }, several)).toEqual([
      expect.stringContaining("next hop 198.18.4.11 (for 1 route, 10.244.1.0/24) is not on-link"),
    ]);
  });
  describe("packets that do not fit the NIC", () => {
    const bridge = (mtu: number): NodeStateInput => ({
      links: [{ type: "bridge", name: "podnet0", mtu }],
      routes: [{ to: "10.244.1.0/24", via: "198.18.0.12", count: 3 }],
    });
    const narrow = (on: Facts) => on.links.set("eth0", { ...on.links.get("eth0"), mtu: 1400 } as never);
    const refused = [
      "pods are to send packets of 1500 bytes, and eth0, by which they leave the node, has an MTU of 1400: say mtu: 1400 of the node in the inventory",
    ];
    test("of the next hops", () => {
      expect(problemsOf(bridge(1500), narrow)).toEqual(refused);
      const named = [{ to: "10.244.1.0/24", via: "198.18.0.12", device: "eth0" }];
      expect(problemsOf({ ...bridge(1500), routes: named }, narrow)).toEqual(refused);
      expect(problemsOf(bridge(1500))).toEqual([]);
      expect(problemsOf(bridge(1400), narrow)).toEqual([]);
    });
    test("that moves into the bridge", () => {
      const uplinks = [{ device: "eth0", bridge: "podnet0" }];
      expect(problemsOf({ links: bridge(1500).links, uplinks }, narrow)).toEqual([
        "podnet0 is to have an MTU of 1500, and eth0 has 1400: say mtu: 1400 of the node in the inventory",
      ]);
    });
  });

  test("a NIC that is given away, and that the node lives by or has not", () => {
    const given = (name: string): NodeStateInput => ({ links: [{ type: "device", name, spare: true }] });
    expect(problemsOf(given("eth0"))[0]).toMatch(/^eth0 carries 198\.18\.0\.11\/22.* cuts the node off from there/);
    expect(problemsOf(given("eth7"))).toEqual(["there is no device eth7 to give away; the node has eth0"]);
    const second = (on: Facts) => on.links.set("eth1", { ...on.links.get("eth0"), name: "eth1" } as never);
    expect(problemsOf(given("eth1"), second)).toEqual([]);
    const reserved = (on: Facts) => {
      second(on);
      on.routes.push({
        ...(on.routes[0] as Facts["routes"][number]),
        to: "default",
        device: "eth1",
        protocol: "static",
      });
    };
    expect(problemsOf(given("eth1"), reserved)).toEqual([expect.stringContaining("eth1 carries the route to default")]);
  });

  test("a NIC that is not there, with the ones that are", () => {
    const state = { uplinks: [{ device: "eth7", bridge: "br0" }] };
    expect(problemsOf(state)).toEqual(["uplinks: there is no device eth7; the node has eth0"]);
  });

  test("a NIC without the node's address, with the one that has it", () => {
    const state = { uplinks: [{ device: "eth0", bridge: "br0", addresses: ["198.18.0.11", "192.0.2.7"] }] };
    expect(problemsOf(state)).toEqual([]);
    const second = (on: Facts) =>
      on.addresses.push({
        device: "eth1",
        address: "192.0.2.7/24",
        broadcast: null,
        peer: null,
        scope: "global",
        dynamic: false,
      });
    expect(problemsOf(state, second)).toEqual([
      "uplinks: 192.0.2.7 is on eth1, not on eth0: name the NIC that carries it",
    ]);
    const capitals = { uplinks: [{ device: "eth1", bridge: "br0", addresses: ["FD98:0::11"] }] };
    const bare = (on: Facts) => void on.links.set("eth1", { ...(on.links.get("eth0") as LinkFact), name: "eth1" });
    expect(problemsOf(capitals, bare)).toEqual([
      "uplinks: FD98:0::11 is on eth0, not on eth1: name the NIC that carries it",
    ]);
  });
  test("a NIC without the node's address, which another one brought to the bridge", () => {
    const on = facts();
    const nic = on.links.get("eth0") as LinkFact;
    on.links.set("br0", { ...nic, name: "br0", type: "bridge" });
    on.links.set("eth0", { ...nic, master: "br0" });
    on.links.set("eth1", { ...nic, name: "eth1" });
    for (const entry of on.addresses) entry.device = "br0";
    const moved = { kind: "address", key: "br0 198.18.0.11/22", value: {}, shared: true, movedWith: "eth0" } as const;
    const problemsWith = (device: string) => {
      const uplinks = [{ device, bridge: "br0", addresses: ["198.18.0.11"] }];
      return resolve(nodeState.parse({ uplinks }), on, new Map([[identity(moved), moved]])).problems;
    };
    expect(problemsWith("eth0")).toEqual([]);
    expect(problemsWith("eth1")).toEqual([
      "uplinks: 198.18.0.11 is on eth0, not on eth1: name the NIC that carries it",
    ]);
  });
  test("a NIC with a route by several next hops, which would be lost with its address and not come back", () => {
    const several = (protocol: string) => (on: Facts) => {
      const route = on.routes.find(({ to }) => to === "0.0.0.0/0");
      if (route)
        Object.assign(route, { via: null, device: null, devices: ["eth0"], protocol, unsupported: ["nexthops"] });
    };
    const state = { uplinks: [{ device: "eth0", bridge: "br0" }] };
    expect(problemsOf(state, several("static"))).toEqual([
      "uplinks: the route to 0.0.0.0/0 by eth0 has several next hops, which cannot move to a bridge: give it one next hop first",
    ]);
    expect(problemsOf(state, several("bgp"))).toEqual([]);
  });
  test("a NIC whose address is a lease", () => {
    const lease = (on: Facts) => {
      for (const entry of on.addresses) entry.dynamic = true;
    };
    expect(problemsOf({ uplinks: [{ device: "eth0", bridge: "br0" }] }, lease)[0]).toContain("is a lease (DHCP)");
  });
  test("a NIC that NetworkManager manages", () => {
    const managed = (on: Facts) => on.managed.set("eth0", "NetworkManager");
    expect(problemsOf({ uplinks: [{ device: "eth0", bridge: "br0" }] }, managed)[0]).toContain("unmanaged-devices");
  });
  test("a forward chain of somebody else that drops pod traffic", () => {
    const state: NodeStateInput = { iptables: [{ chain: "FORWARD", rule: ["-j", "ACCEPT"] }] };
    const drop = (on: Facts) => on.dropsForward.push("inet filter forward", "ip filter FORWARD");
    expect(problemsOf(state, drop)).toEqual([
      expect.stringMatching(/"inet filter forward" drops .* last rule drop the rest in place of its policy/),
    ]);
  });
  test("a missing program, with the package that has it", () => {
    const without = (on: Facts) => on.tools.delete("nft");
    const state: NodeStateInput = { nftables: [{ family: "ip", table: "x", ruleset: "" }] };
    expect(problemsOf(state, without)).toEqual(["the node lacks the program nft: install nftables"]);
  });
  test("nothing to fetch an artifact by, where one is to be fetched", () => {
    const sum = "0".repeat(64);
    const state: NodeStateInput = { artifacts: [{ path: "/opt/a", sha256: sum, url: "https://files.example/a" }] };
    const without = (on: Facts) => {
      for (const tool of ["curl", "wget", "timeout"]) on.tools.delete(tool);
    };
    expect(problemsOf(state, without)).toEqual([
      "the node lacks the program curl: install curl or wget, or give the artifacts by localPath",
      "the node lacks the program timeout: install coreutils",
    ]);
    expect(problemsOf(state)).toEqual([]);
    const there = (on: Facts) => {
      without(on);
      on.paths.set("/opt/a", { type: "file", mode: "0755", uid: 0, gid: 0, sha256: sum });
    };
    expect(problemsOf(state, there)).toEqual([]);
    const pushed: NodeStateInput = { artifacts: [{ path: "/opt/a", sha256: sum, localPath: "a" }] };
    expect(problemsOf(pushed, without)).toEqual([]);
  });
  test("a node without systemd that has nothing to hold the undo by", () => {
    const without = (on: Facts) => {
      for (const tool of ["systemd-run", "setsid"]) on.tools.delete(tool);
    };
    expect(problemsOf({}, without)).toEqual(["the node lacks the program setsid: install util-linux"]);
  });
});
