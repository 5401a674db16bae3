import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr, type IpAddress } from "../../../components/addresses/cidr";
import { allocate } from "../../../components/addresses/plan";
import { planProblems, planRoutes, type Routes } from "../../../components/routes/plan";

const own = (nodes: readonly string[]) => Object.fromEntries(nodes.map((node) => [node, {}]));

test("each node's subnets are routes by the node, and neighbours by one node are one route", () => {
  const subnets = {
    node1: ["10.244.0.0/24", "10.244.1.0/24", "10.244.2.0/24", "fd00:10:244::/64"],
    node2: ["10.244.3.0/24", "fd00:10:244:1::/64"],
  };
  expect(planRoutes({ subnets, nodes: own(["node1", "node2"]) })).toEqual({
    "10.244.0.0/23": "node1",
    "10.244.2.0/24": "node1",
    "10.244.3.0/24": "node2",
    "fd00:10:244::/64": "node1",
    "fd00:10:244:1::/64": "node2",
  });
});

test("a zone behind one node is one route, as far as its subnets are contiguous", () => {
  const names = Array.from({ length: 64 }, (_, index) => `node${index}`);
  const subnets = allocate(undefined, { pools: [{ cidr: "10.244.0.0/16", nodePrefix: 24 }], nodes: names });
  const nodes = { ...Object.fromEntries(names.map((name) => [name, { via: "node0" }])), node0: {} };
  expect(planRoutes({ subnets, nodes })).toEqual({ "10.244.0.0/18": "node0" });
});

test("two halves of different ranges are not joined", () => {
  expect(Object.keys(planRoutes({ subnets: { a: ["10.0.1.0/24", "10.0.2.0/24"] }, nodes: { a: {} } }))).toEqual([
    "10.0.1.0/24",
    "10.0.2.0/24",
  ]);
});

describe("whatever nodes there are", () => {
  const pools = [
    { cidr: "10.244.0.0/20", nodePrefix: 24 },
    { cidr: "fd00:10:244::/60", nodePrefix: 64 },
  ];
  // Up to three subnets of each family a node: what Calico's blocks look like. Some nodes are behind others.
  const clusters = fc
    .record({
      given: fc.array(fc.tuple(fc.nat(7), fc.nat(15)), { maxLength: 16 }),
      behind: fc.dictionary(fc.nat(7).map(String), fc.nat(7), { maxKeys: 6 }),
    })
    .map(({ given, behind }) => {
      const subnets: Record<string, string[]> = {};
      const taken = new Set<number>();
      for (const [node, index] of given) {
        if (taken.has(index)) continue;
        taken.add(index);
        const list = pools.map(({ cidr, nodePrefix }) => String(Cidr.parse(cidr).subnet(index, nodePrefix)));
        subnets[`node${node}`] = [...(subnets[`node${node}`] ?? []), ...list];
      }
      const names = Array.from({ length: 8 }, (_, index) => `node${index}`);
      const gateways = new Set(Object.values(behind).map((index) => `node${index}`));
      const nodes: Record<string, { via?: string }> = Object.fromEntries(
        names.map((name, index) => {
          const via = behind[String(index)];
          return [name, via === undefined || gateways.has(name) ? {} : { via: `node${via}` }];
        }),
      );
      return { subnets, nodes };
    });

  const parsed = (routes: Routes) => Object.entries(routes).map(([to, node]) => ({ to: Cidr.parse(to), node }));
  /** The next hop of every destination that holds an address. */
  const hops = (routes: ReturnType<typeof parsed>, address: IpAddress) =>
    routes.filter(({ to }) => to.contains(address)).map(({ node }) => node);
  const ends = (subnet: string) => [Cidr.parse(subnet).address(0), Cidr.parse(subnet).last];

  test("every pod address has exactly one next hop: its own node, or the one that forwards for it", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const routes = parsed(planRoutes(cluster));
        for (const [node, list] of Object.entries(cluster.subnets))
          for (const address of list.flatMap(ends))
            expect(hops(routes, address)).toEqual([cluster.nodes[node]?.via ?? node]);
      }),
    );
  });

  test("no other address has one", () => {
    fc.assert(
      fc.property(clusters, fc.nat(15), (cluster, index) => {
        const routes = parsed(planRoutes(cluster));
        const given = new Set(Object.values(cluster.subnets).flat());
        for (const { cidr, nodePrefix } of pools) {
          const subnet = Cidr.parse(cidr).subnet(index, nodePrefix);
          if (!given.has(String(subnet))) expect(hops(routes, subnet.address(1))).toEqual([]);
        }
      }),
    );
  });

  test("a node that leaves moves nobody else's pods, and no route of who has a way of its own", () => {
    fc.assert(
      fc.property(clusters, fc.nat(7), (cluster, leaving) => {
        const name = `node${leaving}`;
        const { [name]: _gone, ...subnets } = cluster.subnets;
        const [before, after] = [planRoutes(cluster), planRoutes({ ...cluster, subnets })];
        const [was, is] = [parsed(before), parsed(after)];
        for (const address of Object.values(subnets).flat().flatMap(ends))
          expect(hops(is, address)).toEqual(hops(was, address));
        const carrier = cluster.nodes[name]?.via ?? name;
        const others = (routes: Routes) => Object.entries(routes).filter(([, node]) => node !== carrier);
        expect(others(after)).toEqual(others(before));
      }),
    );
  });

  test("the order in which nodes and subnets are named changes nothing", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const reversed = Object.entries(cluster.subnets).reverse();
        const subnets = Object.fromEntries(reversed.map(([name, list]) => [name, [...list].reverse()]));
        expect(Object.entries(planRoutes({ ...cluster, subnets }))).toEqual(Object.entries(planRoutes(cluster)));
      }),
    );
  });

  test("no route can be joined with another", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const routes = parsed(planRoutes(cluster));
        for (const { to, node } of routes) {
          const sibling = routes.find(
            (other) => other.to.prefix === to.prefix && other.to.base === (to.base ^ to.size) && other.node === node,
          );
          expect(sibling?.to.family === to.family).toBe(false);
        }
      }),
    );
  });
});

test("a node more is one route more, and moves none", () => {
  const pool = { cidr: "10.0.0.0/8", nodePrefix: 24 };
  const names = Array.from({ length: 1000 }, (_, index) => `node${index}`);
  const before = allocate(undefined, { pools: [pool], nodes: names });
  const after = allocate(before, { pools: [pool], nodes: [...names, "one-more"] });
  const routes = planRoutes({ subnets: before, nodes: own(names) });
  expect(planRoutes({ subnets: after, nodes: own([...names, "one-more"]) })).toEqual({
    ...routes,
    "10.3.232.0/24": "one-more",
  });
});

describe("no plan", () => {
  test("says every reason at once: shared addresses, a node without a way, a way without pods", () => {
    const problems = planProblems({
      subnets: { a: ["10.0.0.0/23"], b: ["10.0.1.0/24"], c: ["10.0.2.0/24"] },
      nodes: { a: {}, b: {}, d: {} },
    });
    expect(problems.map(({ rule }) => rule)).toEqual([
      "a's pod subnet 10.0.0.0/23 overlaps b's 10.0.1.0/24",
      "c has the pod subnets 10.0.2.0/24 and no next hop",
      "d has a next hop and no pod subnet, and forwards for nobody",
    ]);
  });

  test("but a gateway without pods of its own is no mistake", () => {
    expect(planProblems({ subnets: { a: ["10.0.0.0/24"] }, nodes: { a: { via: "gate" }, gate: {} } })).toEqual([]);
  });
});
