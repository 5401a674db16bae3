import { afterAll, beforeAll, expect, test } from "vitest";
import { Plugin, unknownText } from "./plugin";

let plugin: Plugin;

beforeAll(async () => {
  plugin = await Plugin.start();
});
afterAll(() => plugin.stop());

const pools = [{ cidr: "10.244.0.0/22", nodePrefix: 24 }];
const plan = (nodes: unknown, previous: Record<string, unknown> = {}, of: unknown = pools) =>
  plugin.check("AddressPlan", previous, { pools: of, nodes });

test("the whole plan is there before anything is made, and what is made is the plan", async () => {
  const { inputs, failures } = await plan(["a", "b"]);
  expect(failures).toEqual([]);
  expect(inputs.subnets).toEqual({ a: ["10.244.0.0/24"], b: ["10.244.1.0/24"] });
  expect((await plugin.create("AddressPlan", inputs, true)).outputs.subnets).toEqual(inputs.subnets);
  expect((await plugin.create("AddressPlan", inputs)).outputs.subnets).toEqual(inputs.subnets);
});

test("nodes that come and go renumber nobody, and the diff names them", async () => {
  const { inputs: before } = await plan(["a", "b", "c"]);
  const { inputs: after } = await plan(["d", "c", "a"], before);
  expect(after.subnets).toEqual({ d: ["10.244.1.0/24"], c: ["10.244.2.0/24"], a: ["10.244.0.0/24"] });
  const { paths, replaces } = await plugin.diff("AddressPlan", before, before, after);
  expect(paths.sort()).toEqual(["nodes", "subnets.b", "subnets.d"]);
  expect(replaces).toEqual([]);
  expect((await plugin.diff("AddressPlan", after, after, (await plan(["d", "c", "a"], after)).inputs)).paths).toEqual(
    [],
  );
});

test("the other order of the same nodes moves no subnet", async () => {
  const { inputs: before } = await plan(["a", "b"]);
  expect((await plan(["b", "a"], before)).inputs.subnets).toEqual(before.subnets);
});

test("a plan is imported by its subnets, and takes the program's pools without moving one", async () => {
  const { inputs } = await plugin.read("AddressPlan", "a=10.244.2.0/24;b=10.244.0.0/24", {}, {});
  expect(inputs.subnets).toEqual({ a: ["10.244.2.0/24"], b: ["10.244.0.0/24"] });
  const { inputs: after, failures } = await plan(["a", "b", "c"], inputs);
  expect(failures).toEqual([]);
  expect(after.subnets).toEqual({ a: ["10.244.2.0/24"], b: ["10.244.0.0/24"], c: ["10.244.1.0/24"] });
});

test("a pool that cuts off a subnet in use is refused, with the node and the way out", async () => {
  const { inputs: before } = await plan(["a", "b", "c"]);
  const { failures } = await plan(["a", "b", "c"], before, [{ cidr: "10.244.0.0/23", nodePrefix: 24 }]);
  expect(failures.join("\n")).toMatch(/c has the pod subnet 10\.244\.2\.0\/24.*remove the node/s);
});

test("everything that is wrong is said at once", async () => {
  const { failures } = await plan(["a", "b", "b", "c"], {}, [
    { cidr: "10.244.0.0/24", nodePrefix: 24 },
    { cidr: "10.244.0.0/16", nodePrefix: 24 },
  ]);
  const words = failures.join("\n");
  expect(words).toContain("overlaps");
  expect(words).toContain("b is listed twice");
  expect(words).toContain("3 nodes need 3 subnets of /24, and 10.244.0.0/24 has 1");
});

test("an option that does not exist is refused, and so is a range that is none", async () => {
  const { failures } = await plugin.check(
    "AddressPlan",
    {},
    { pools: [{ cidr: "10.244/16", nodePrefix: 24 }], nodes: [], gateway: "x" },
  );
  expect(failures.join("\n")).toMatch(/^pools\[0\]\.cidr: /m);
  expect(failures.join("\n")).toContain("gateway");
});

test("nodes that are not known yet leave the plan unknown, not wrong", async () => {
  const { inputs, failures } = await plan([unknownText, "b"]);
  expect(failures).toEqual([]);
  expect(inputs.subnets).toBe(unknownText);
  expect((await plugin.create("AddressPlan", inputs, true)).outputs.subnets).toBe(unknownText);
});

test("a refresh changes nothing", async () => {
  const { inputs } = await plan(["a"]);
  expect(await plugin.read("AddressPlan", "addresses", inputs, inputs)).toEqual({
    id: "addresses",
    inputs,
    outputs: inputs,
  });
});
