import { afterAll, beforeAll, expect, test } from "vitest";
import { Plugin, unknownText } from "./plugin";

let plugin: Plugin;

beforeAll(async () => {
  plugin = await Plugin.start();
});
afterAll(() => plugin.stop());

const wanted = (change: Record<string, unknown> = {}) => ({
  cloud: "aws",
  podCidr: ["10.244.0.0/16"],
  subnets: { node1: ["10.244.0.0/24"], node2: ["10.244.1.0/24"] },
  nodes: { node1: { hop: "eni-1" }, node2: { hop: "eni-2" } },
  tables: { a: { id: "rtb-a", standing: [] } },
  quota: 500,
  adopt: false,
  ...change,
});
const check = (change: Record<string, unknown> = {}, previous: Record<string, unknown> = {}) =>
  plugin.check("RoutePlan", previous, wanted(change));
const standing = [{ to: "10.244.0.0/24", hop: "eni-1", dead: false, importId: "rtb-a_10.244.0.0/24" }];

test("the whole plan is there before anything is made, and what stands in the tables is not kept", async () => {
  const { inputs, failures } = await check({ tables: { a: { id: "rtb-a", standing } }, adopt: true });
  expect(failures).toEqual([]);
  const plan = {
    tables: { a: "rtb-a" },
    routes: { "10.244.0.0/24": "node1", "10.244.1.0/24": "node2" },
    adopted: { a: { "10.244.0.0/24": "rtb-a_10.244.0.0/24" } },
  };
  expect(inputs).toEqual(plan);
  const { outputs } = await plugin.create("RoutePlan", inputs, true);
  expect(outputs).toEqual({ routes: plan.routes, adopted: plan.adopted });
});

test("routes that are made are podnet's from then on, and a second look changes nothing", async () => {
  const { inputs: before } = await check();
  const { inputs: after, failures } = await check({ tables: { a: { id: "rtb-a", standing } } }, before);
  expect(failures).toEqual([]);
  expect((await plugin.diff("RoutePlan", before, before, after)).paths).toEqual([]);
  expect((await check({ tables: { a: { id: "rtb-a", standing } } })).failures.join()).toContain("adopt: true");
});

test("a route that is on its way out is remembered, which is no change", async () => {
  const { inputs: before } = await check();
  const alone = { subnets: { node2: ["10.244.1.0/24"] }, nodes: { node2: { hop: "eni-2" } } };
  const { inputs: cut } = await check({ ...alone, tables: { a: { id: "rtb-a", standing } } }, before);
  expect(cut.leaving).toEqual({ a: ["10.244.0.0/24"] });
  const { inputs: after, failures } = await check(alone, cut);
  expect([after.leaving, failures]).toEqual([undefined, []]);
  expect((await plugin.diff("RoutePlan", cut, cut, after)).paths).toEqual([]);
});

test("a node that joins is one route in the diff, and a table that joins one line", async () => {
  const { inputs: before } = await check();
  const { inputs: after } = await check(
    {
      subnets: { ...wanted().subnets, node3: ["10.244.2.0/24"] },
      nodes: { ...wanted().nodes, node3: { hop: "eni-3" } },
      tables: { a: { id: "rtb-a", standing: [] }, b: { id: "rtb-b", standing: [] } },
    },
    before,
  );
  const { paths, replaces } = await plugin.diff("RoutePlan", before, before, after);
  expect(paths.sort()).toEqual(["adopted.b", 'routes["10.244.2.0/24"]', "tables.b"]);
  expect(replaces).toEqual([]);
});

test("what is not known yet is waited for, and what is known is planned", async () => {
  const made = await check({
    nodes: { node1: { hop: unknownText, forwards: unknownText }, node2: { hop: "eni-2" } },
    tables: { a: { id: "rtb-a", standing: unknownText }, b: { id: unknownText, standing: unknownText } },
    taken: { vpc: unknownText },
  });
  expect(made.failures).toEqual([]);
  expect(made.inputs).toMatchObject({ tables: { a: "rtb-a", b: unknownText }, routes: { "10.244.0.0/24": "node1" } });
  const later = await check({ subnets: { node1: unknownText } });
  expect(later).toEqual({ inputs: { tables: unknownText, routes: unknownText, adopted: unknownText }, failures: [] });
  expect(plugin.said.at(-1)?.message).toContain("this preview shows no routes");
});

test("everything that is wrong is said at once, and what is nearly wrong is a warning", async () => {
  const nodes = { node1: { hop: "eni-1", forwards: false } };
  const { failures } = await check({ nodes, quota: 1, taken: { "addresses of the VPC": ["10.244.0.0/16"] } });
  expect(failures.map((reason) => reason.replace(/;.*/, ""))).toEqual([
    "nodes.node2: node2 has the pod subnets 10.244.1.0/24 and no next hop",
    "network.podCidr: podCidr 10.244.0.0/16 overlaps 10.244.0.0/16, addresses of the VPC",
    expect.stringMatching(/^nodes\.node1: node1's next hop eni-1 does not exist, or checks source and destination/),
    "quota: a would have 2 ipv4 routes, 2 of pods and 0 others, and takes 1",
  ]);
  await check({ quota: 2 });
  expect(plugin.said.at(-1)).toMatchObject({
    message: expect.stringContaining("a has 2 of 2 ipv4 routes: it is full"),
  });
});

test("an option that does not exist is refused", async () => {
  expect((await check({ gateway: "x" })).failures.join()).toContain("gateway");
});
