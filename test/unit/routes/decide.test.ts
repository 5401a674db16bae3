import { describe, expect, test } from "vitest";
import { decide } from "../../../components/routes/decide";
import type { RoutesMade } from "../../../components/routes/plan";
import { type RoutesRequestInput, routesRequest } from "../../../components/routes/request";

const request = (change: Partial<RoutesRequestInput> = {}): RoutesRequestInput => ({
  cloud: "aws",
  podCidr: ["10.244.0.0/16"],
  subnets: { node1: ["10.244.0.0/24"], node2: ["10.244.1.0/24"] },
  nodes: { node1: { hop: "eni-1" }, node2: { hop: "eni-2" } },
  tables: { a: { id: "rtb-a" }, b: { id: "rtb-b" } },
  quota: 500,
  ...change,
});
const decided = (change: Partial<RoutesRequestInput> = {}, previous?: RoutesMade) =>
  decide(previous, routesRequest.parse(request(change)));
const rules = (change: Partial<RoutesRequestInput>, previous?: RoutesMade) =>
  decided(change, previous).problems.map(({ rule }) => rule);

/** So many nodes, each with a subnet of each family asked for. */
function many(count: number, families: readonly ("ipv4" | "ipv6")[] = ["ipv4"]): Partial<RoutesRequestInput> {
  const subnet = {
    ipv4: (n: number) => `10.${n >> 8}.${n & 255}.0/24`,
    ipv6: (n: number) => `fd00:${n.toString(16)}::/64`,
  };
  const names = Array.from({ length: count }, (_, index) => `node${index}`);
  return {
    podCidr: families.map((family) => (family === "ipv4" ? "10.0.0.0/8" : "fd00::/16")),
    subnets: Object.fromEntries(names.map((name, n) => [name, families.map((family) => subnet[family](n + 1))])),
    nodes: Object.fromEntries(names.map((name) => [name, { hop: `eni-of-${name}` }])),
    tables: { a: { id: "rtb-a" } },
  };
}

test("every table gets the same routes", () => {
  expect(decided().made).toEqual({
    tables: { a: "rtb-a", b: "rtb-b" },
    routes: { "10.244.0.0/24": "node1", "10.244.1.0/24": "node2" },
    adopted: { a: {}, b: {} },
  });
  expect(decided().problems).toEqual([]);
});

describe("quota", () => {
  test("as many as a table takes are taken, and one more is not, by count, limit and ways out", () => {
    expect(decided({ ...many(500) }).problems).toEqual([]);
    const [problem, ...more] = decided({ ...many(501) }).problems;
    expect(more).toEqual([]);
    expect(problem?.rule).toBe("a would have 501 ipv4 routes, 501 of pods and 0 others, and takes 500");
    expect(problem?.fix).toMatch(
      /raise the quota to 501 or more \(.*L-93826ACB\) and say quota: 501; .*nodes\.NAME\.via.*; or take an overlay/,
    );
  });

  test("more than AWS ever grants is not told to be asked for", () => {
    expect(decided({ ...many(1001), quota: 1000 }).problems[0]?.fix).toMatch(
      /^a route table never takes more than 1000; let/,
    );
  });

  test("AWS counts IPv4 and IPv6 apart, the others together", () => {
    const dual = many(150, ["ipv4", "ipv6"]);
    expect(decided({ ...dual, quota: 150 }).problems).toEqual([]);
    expect(rules({ ...dual, cloud: "alicloud", quota: 200 })).toEqual([
      "a would have 300 routes, 300 of pods and 0 others, and takes 200",
    ]);
    expect(decided({ ...dual, cloud: "gcp", quota: 200 }).problems[0]?.fix).toContain("STATIC_ROUTES_PER_NETWORK");
  });

  test("what else stands in the table counts, and podnet's own not twice", () => {
    const standing = ["0.0.0.0/0", "172.16.0.0/12", "10.0.1.0/24"].map((to) => ({ to, hop: "igw-1" }));
    const full = many(499);
    const made = { tables: { a: "rtb-a" }, routes: decided(full).made.routes, adopted: {} };
    const tables = { a: { id: "rtb-a", standing } };
    expect(rules({ ...full, tables }, made)).toEqual([
      "a would have 501 ipv4 routes, 499 of pods and 2 others, and takes 500",
    ]);
  });

  test("a prefix list of others counts as many routes of its family as it may hold", () => {
    const lists = [
      { family: "ipv4" as const, counts: 20 },
      { family: "ipv6" as const, counts: 400 },
    ];
    expect(rules({ ...many(481), tables: { a: { id: "rtb-a", lists } } })).toEqual([
      "a would have 501 ipv4 routes, 481 of pods and 20 others, and takes 500",
    ]);
  });

  test("near the quota the preview warns, for each table", () => {
    expect(decided({ ...many(399) }).warnings).toEqual([]);
    const { warnings, problems } = decided({ ...many(400), tables: { a: {}, b: {} } });
    expect(problems).toEqual([]);
    expect(warnings.map((text) => text.replace(/;.*/, ""))).toEqual([
      "a has 400 of 500 ipv4 routes: room for 100 more",
      "b has 400 of 500 ipv4 routes: room for 100 more",
    ]);
  });

  test("a prefix list counts as many routes as it may hold, and a region takes so many lists", () => {
    const prefixLists = { entries: 10, quota: 40 };
    expect(rules({ ...many(51), prefixLists })).toEqual([
      "51 prefix lists are needed, one for each node and family, and a region takes 40",
      "a would have 510 ipv4 routes, 510 of pods and 0 others, and takes 500",
    ]);
  });

  test("a prefix list that is too short is told with the length it needs", () => {
    const { problems } = decided({
      subnets: { node1: ["10.244.0.0/24", "10.244.2.0/24"], node2: ["10.244.1.0/24"] },
      prefixLists: { entries: 1, quota: 100 },
    });
    expect(problems.map(({ rule }) => rule)).toEqual([
      "the prefix list node1-ipv4 would hold 2 destinations, and takes 1",
    ]);
    expect(problems[0]?.fix).toContain("say prefixLists.entries: 2");
  });
});

describe("what stands in a table", () => {
  const standing = (to: string, hop: string, more: { dead?: boolean } = {}) => ({
    a: { id: "rtb-a", standing: [{ to, hop, importId: `rtb-a_${to}`, ...more }] },
  });

  test("that is as wanted is told, and taken over when the user says so", () => {
    const tables = standing("10.244.0.0/24", "eni-1");
    expect(rules({ tables })).toEqual([
      "a has the route to 10.244.0.0/24 by eni-1 already, and podnet did not make it",
    ]);
    const { made, problems } = decided({ tables, adopt: true });
    expect(problems).toEqual([]);
    expect(made.adopted).toEqual({ a: { "10.244.0.0/24": "rtb-a_10.244.0.0/24" } });
  });

  test("is told to be taken over where that can be done, which is on AWS", () => {
    const fixes = (cloud: "aws" | "gcp" | "alicloud", importId?: string) => {
      const one = { to: "10.244.0.0/24", hop: "eni-1", ...(importId && { importId }) };
      return decided({ cloud, tables: { a: { id: "a", standing: [one] } } }).problems.map(({ fix }) => fix);
    };
    expect(fixes("aws", "rtb-a_10.244.0.0/24")).toEqual([expect.stringContaining("say adopt: true")]);
    for (const cloud of ["alicloud", "gcp"] as const)
      expect(fixes(cloud)).toEqual([
        "podnet takes over no route of this cloud: delete it, or give the network another podCidr",
      ]);
  });

  test("and was podnet's until a run that died before it was deleted is podnet's to the next one", () => {
    const tables = standing("10.244.1.0/24", "eni-2");
    const before = decided({ tables }, decided().made).made;
    const merged: Partial<RoutesRequestInput> = { nodes: { node1: { hop: "eni-1" }, node2: { via: "node1" } }, tables };
    const cut = decided(merged, before);
    expect(cut.made.routes).toEqual({ "10.244.0.0/23": "node1" });
    expect(cut.made.leaving).toEqual({ a: ["10.244.1.0/24"] });
    const again = decided(merged, cut.made);
    expect([...cut.problems, ...again.problems]).toEqual([]);
    expect(again.made).toEqual(cut.made);
    const gone = decided({ ...merged, tables: { a: { id: "rtb-a" } } }, again.made).made;
    expect(gone.leaving).toBeUndefined();
    expect(rules(merged, gone)).toEqual([expect.stringContaining("a part of node1's 10.244.0.0/23")]);
  });

  test("of somebody else is never taken over", () => {
    const tables = standing("10.244.0.0/24", "tgw-9");
    expect(rules({ tables, adopt: true })).toEqual([
      "a has a route to 10.244.0.0/24, node1's pods, by tgw-9, that podnet did not make",
    ]);
  });

  test("and was podnet's before is podnet's, whatever it looks like, and is adopted once and for all", () => {
    const tables = standing("10.244.0.0/24", "somebody-changed-it");
    const previous = { tables: { a: "rtb-a" }, routes: { "10.244.0.0/24": "node1" }, adopted: {} };
    expect(decided({ tables }, previous)).toMatchObject({ problems: [], made: { adopted: { a: {} } } });
    const adopted = { a: { "10.244.0.0/24": "rtb-a_10.244.0.0/24", "10.244.9.0/24": "gone" } };
    expect(decided({ tables }, { ...previous, adopted }).made.adopted).toEqual({
      a: { "10.244.0.0/24": "rtb-a_10.244.0.0/24" },
    });
  });

  test("in a table that joins is not podnet's because another table has it", () => {
    const previous = { tables: { b: "rtb-b" }, routes: { "10.244.0.0/24": "node1" }, adopted: {} };
    expect(rules({ tables: { ...standing("10.244.0.0/24", "eni-1"), b: { id: "rtb-b" } } }, previous)).toHaveLength(1);
  });

  test("and is more specific than a pod subnet is told: it would win", () => {
    const tables = standing("10.244.1.128/25", "eni-9");
    expect(rules({ tables })).toEqual(["a has a route to 10.244.1.128/25, a part of node2's 10.244.1.0/24, by eni-9"]);
    expect(rules({ tables: standing("10.244.1.128/25", "eni-9", { dead: true }) })).toEqual([
      "a has a route to 10.244.1.128/25, a part of node2's 10.244.1.0/24, and loses its packets: eni-9 is gone",
    ]);
  });

  test("and is dead is shown where pods could be one day, and told where they are", () => {
    const free = decided({ tables: standing("10.244.77.0/24", "eni-9", { dead: true }) });
    expect(free.problems).toEqual([]);
    expect(free.warnings).toEqual([
      "a has a route to 10.244.77.0/24 by eni-9, which is gone: nobody's pods, left over from something else; delete it",
    ]);
    expect(rules({ tables: standing("10.244.0.0/24", "eni-9", { dead: true }) })).toEqual([
      "a has a route to 10.244.0.0/24, node1's pods, by eni-9, which is gone, that podnet did not make",
    ]);
  });

  test("and is wider, or elsewhere, is none of podnet's business", () => {
    const wide = ["0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16"].map((to) => ({ to, hop: "tgw-1", dead: true }));
    expect(decided({ tables: { a: { id: "rtb-a", standing: wide } } })).toMatchObject({ problems: [], warnings: [] });
  });
});

describe("no plan", () => {
  test("where the cloud itself routes, or outside of podCidr", () => {
    const taken = { "addresses of the VPC": ["10.244.0.0/20", "172.31.0.0/16"] };
    expect(rules({ taken, subnets: { node1: ["10.244.0.0/24"], node2: ["10.9.0.0/24"] } })).toEqual([
      "node2's pod subnet 10.9.0.0/24 is not in podCidr 10.244.0.0/16",
      "podCidr 10.244.0.0/16 overlaps 10.244.0.0/20, addresses of the VPC",
    ]);
  });

  test("by a next hop that drops what is not its own", () => {
    const { problems } = decided({ nodes: { node1: { hop: "eni-1", forwards: false }, node2: { forwards: true } } });
    expect(problems).toEqual([
      {
        path: "nodes.node1",
        rule: "node1's next hop eni-1 does not exist, or checks source and destination and would lose pods' packets",
        fix: expect.stringContaining("sourceDestCheck: false"),
      },
    ]);
    expect(decided({ cloud: "gcp", nodes: { node1: { forwards: false }, node2: {} } }).problems[0]?.fix).toContain(
      "canIpForward: true",
    );
  });

  test("where no table is found; one that is not known yet is waited for", () => {
    expect(rules({ tables: {} })).toEqual(["no route table is found"]);
    expect(decided({ tables: undefined })).toMatchObject({ problems: [], made: { tables: {} } });
  });

  test("of one table under two names, or under another name than before", () => {
    expect(rules({ tables: { a: { id: "rtb-a" }, b: { id: "rtb-a" } } })).toEqual(["a and b are one table"]);
    const previous = { tables: { old: "rtb-a" }, routes: {}, adopted: {} };
    expect(decided({}, previous).problems).toEqual([
      {
        path: "tables.a",
        value: "rtb-a",
        rule: "a is the table that was old",
        fix: expect.stringContaining("keep the name old"),
      },
    ]);
  });
});
