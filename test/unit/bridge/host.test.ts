import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allocate } from "../../../components/addresses/plan";
import { expand, type HopRun } from "../../../components/addresses/runs";
import { complete, pools } from "../../../components/bridge/complete";
import { hosts } from "../../../components/bridge/host";
import { routerRoutes } from "../../../components/bridge/routes";
import { Inventory } from "../../../components/inventory";
import { nodeState } from "../../../components/node/state";
import { read, twoSegments, type Written } from "./read";

interface Case {
  settings: Written;
  subnets: Record<string, string[]>;
  node: string;
  /** The node's state; texts are lists of lines. */
  state: object;
}

const folder = join(__dirname, "cases");

/** Texts as lists of lines, so that a case can be read. */
function readable(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state), (key, value) =>
    ["content", "ruleset"].includes(key) && typeof value === "string" ? value.split("\n") : value,
  );
}

describe("settings and subnets in, a node's state out", () => {
  test.each(readdirSync(folder))("%s", (file) => {
    const { settings, subnets, node, state } = JSON.parse(readFileSync(join(folder, file), "utf8")) as Case;
    const made = hosts(read(settings), subnets)[node];
    expect(readable(made)).toEqual(state);
    expect(() => nodeState.parse(made)).not.toThrow();
  });
});

test("a flat network's bridge carries what its own NIC does, and pods what all of them do", () => {
  const nodes = {
    nodes: {
      a: { connection: { host: "10.0.0.1" }, nic: "eth0", mtu: 9000 },
      b: { connection: { host: "10.0.0.2" }, nic: "eth0" },
    },
  };
  const flat = { gateway: "10.0.0.254", pool: "10.0.0.128/26" };
  const made = hosts(read({ nodes, shape: "flat", podCidr: "10.0.0.0/24", flat }), { a: ["10.0.0.128/28"], b: [] });
  expect([made.a?.links?.[0]?.mtu, made.b?.links?.[0]?.mtu]).toEqual([9000, 1500]);
  expect(made.a?.files?.find(({ path }) => path.endsWith(".conflist"))?.content).toContain('"mtu":1500');
});

function cluster(count: number): Written {
  const nodes = Array.from({ length: count }, (_, index) => {
    const host = `198.18.${Math.floor((index + 11) / 256)}.${(index + 11) % 256}`;
    return [`node${index + 1}`, { connection: { host } }] as const;
  });
  return { nodes: { nodes: Object.fromEntries(nodes) }, podCidr: "10.128.0.0/9" };
}

function planned(written: Written) {
  const settings = read(written);
  const nodes = settings.nodes.nodes.map(({ name }) => name);
  return { settings, subnets: allocate(undefined, { pools: pools(settings), nodes }) };
}

describe("routes", () => {
  test("every node reaches every other's subnet and not its own", () => {
    const { settings, subnets } = planned(cluster(7));
    const made = hosts(settings, subnets);
    for (const { name } of settings.nodes.nodes) {
      const reached = expand((made[name]?.routes ?? []) as HopRun[]);
      const others = settings.nodes.nodes.filter((node) => node.name !== name);
      expect(reached).toEqual(others.map((node) => ({ to: subnets[node.name]?.[0], via: node.addresses[0] })));
    }
  });

  test("a node's state does not grow with the cluster, and 2,000 nodes take less than two seconds of work", () => {
    const started = process.cpuUsage();
    const { settings, subnets } = planned(cluster(2000));
    const made = hosts(settings, subnets);
    expect(made.node1000?.routes).toHaveLength(2);
    expect(JSON.stringify(made.node1000).length).toBeLessThan(3000);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2000);
  });

  test("a node that joins another segment changes no route by the router", () => {
    const written: Written = { nodes: twoSegments, podCidr: "10.244.0.0/16" };
    const joined = structuredClone(twoSegments);
    joined.nodes.node4 = { connection: { host: "198.18.4.12" }, addresses: ["198.18.4.12", "fd98:0:b::12"] };
    const before = planned(written);
    const after = planned({ ...written, nodes: joined });
    expect(hosts(after.settings, after.subnets).node1).toEqual(hosts(before.settings, before.subnets).node1);
  });

  test("the router between segments is told every node's subnets", () => {
    const { settings, subnets } = planned({ nodes: twoSegments, podCidr: ["10.244.0.0/16", "fd00:10:244::/48"] });
    expect(routerRoutes(settings, subnets)).toContainEqual({ segment: "b", to: "10.244.2.0/24", via: "198.18.4.11" });
    expect(routerRoutes(settings, subnets)).toContainEqual({
      segment: "b",
      to: "fd00:10:244:2::/64",
      via: "fd98:0:b::11",
    });
    const tunnelled = planned({ nodes: twoSegments, podCidr: "10.244.0.0/16", crossSegment: "vxlan" });
    expect(routerRoutes(tunnelled.settings, tunnelled.subnets)).toEqual([]);
  });
});

describe("defaults that depend on other settings", () => {
  test("pods' MTU is what the smallest NIC carries, less the tunnel where there is one", () => {
    const big = structuredClone(twoSegments);
    for (const node of Object.values(big.nodes)) node.mtu = 9000;
    expect(read({ nodes: big, podCidr: "10.244.0.0/16" }).mtu).toBe(9000);
    expect(read({ nodes: big, podCidr: "10.244.0.0/16", crossSegment: "vxlan" }).mtu).toBe(8950);
    expect(read({ ...cluster(2), crossSegment: "vxlan" }).mtu).toBe(1500);
  });

  test("the first node of a second segment does not change the MTU of running pods", () => {
    const first = structuredClone(twoSegments);
    delete first.nodes.node3;
    expect(read({ nodes: first, podCidr: "10.244.0.0/16", crossSegment: "vxlan" }).mtu).toBe(1450);
  });

  test.each([
    ["10.244.0.0/16", { ipv4: 24 }],
    ["fd00:10:244::/48", { ipv6: 64 }],
    ["fd00:10:244::/56", { ipv6: 64 }],
    ["fd00:10:244::/64", { ipv6: 72 }],
  ])("a node's part of %s", (podCidr, nodePrefix) => {
    expect(read({ nodes: twoSegments, podCidr }).nodePrefix).toEqual(nodePrefix);
  });

  test("unique local pods are translated, global ones are not", () => {
    expect(read({ nodes: twoSegments, podCidr: "fd00:10:244::/48" }).masquerade.ipv6).toBe(true);
    expect(read({ nodes: twoSegments, podCidr: "2001:db8:1::/48" }).masquerade.ipv6).toBe(false);
  });
});

test("hardware addresses stay, and differ between nodes and networks", () => {
  const bridges = (name: string) => {
    const { nodes, ...rest } = cluster(3);
    const settings = complete(name, { ...read({ nodes, ...rest }), nodes: Inventory.of(nodes) });
    const { subnets } = planned({ nodes, ...rest });
    return Object.values(hosts(settings, subnets)).map(({ links }) => JSON.stringify(links?.[0]));
  };
  expect(bridges("pods")).toEqual(bridges("pods"));
  expect(new Set([...bridges("pods"), ...bridges("other")]).size).toBe(6);
});
