import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AlicloudRoutes, type AlicloudRoutesArgs } from "../../../components/alicloud";
import { Mocked, resolved } from "./mocks";

const args: AlicloudRoutesArgs = {
  network: {
    subnets: { node1: ["10.244.0.0/24"], node2: ["10.244.1.0/24"], node3: ["10.244.2.0/24"] },
    podCidr: "10.244.0.0/16",
  },
  nodes: { node1: { instance: "i-bp1a" }, node2: { networkInterface: "eni-bp1b" }, node3: { via: "node2" } },
  tables: { main: "vtb-bp1m", edge: "vtb-bp1e" },
};

const mocked = new Mocked({});

beforeAll(() => mocked.start());
beforeEach(() => {
  mocked.forget();
  mocked.answers["alicloud:vpc/getRouteEntries:getRouteEntries"] = () => ({ entries: [] });
});
afterAll(() => pulumi.runtime.disconnect());

async function make(name: string, change: Partial<AlicloudRoutesArgs> = {}): Promise<void> {
  await resolved(new AlicloudRoutes(name, { ...args, ...change }).routes);
}

const plan = () => mocked.of("RoutePlan")[0]?.inputs;

test("each table gets an entry for each node's subnet, by the instance or its network interface", async () => {
  await make("pods");
  const entries = mocked.of("RouteEntry");
  expect(entries.map(({ name }) => name)).toEqual(
    ["main", "edge"].flatMap((table) => [0, 1, 2].map((index) => `pods-${table}-10-244-${index}-0-24`)),
  );
  expect(entries.slice(0, 3).map(({ inputs }) => [inputs.routeTableId, inputs.nexthopType, inputs.nexthopId])).toEqual([
    ["vtb-bp1m", "Instance", "i-bp1a"],
    ["vtb-bp1m", "NetworkInterface", "eni-bp1b"],
    ["vtb-bp1m", "NetworkInterface", "eni-bp1b"],
  ]);
});

test("entries are made one after the other, in all tables of the VPC", async () => {
  await make("chained");
  const entries = mocked.of("RouteEntry");
  const before = (index: number) => entries[index]?.dependencies.filter((name) => name.startsWith("chained-"));
  expect(before(0)).toEqual([]);
  for (const index of [1, 2, 3, 4, 5]) expect(before(index)).toEqual([entries[index - 1]?.name]);
  expect(entries.every(({ deleteBeforeReplace }) => deleteBeforeReplace)).toBe(true);
});

test("the plan is told what stands in the tables, and what the cloud routes itself", async () => {
  mocked.answers["alicloud:vpc/getRouteEntries:getRouteEntries"] = ({ routeTableId }: { routeTableId: string }) => ({
    entries: [
      { cidrBlock: "192.168.0.0/24", type: "System", instanceId: "" },
      { cidrBlock: "100.64.0.0/10", type: "System", instanceId: "" },
      { cidrBlock: "0.0.0.0/0", type: "Custom", instanceId: `ngw-of-${routeTableId}` },
    ],
  });
  await make("looked");
  expect(plan()).toMatchObject({
    cloud: "alicloud",
    quota: 200,
    nodes: { node1: { hop: "i-bp1a" }, node2: { hop: "eni-bp1b" }, node3: { via: "node2" } },
    tables: { main: { id: "vtb-bp1m", standing: [{ to: "0.0.0.0/0", hop: "ngw-of-vtb-bp1m" }] } },
    taken: {
      "addresses of Alibaba Cloud's services": ["100.64.0.0/10"],
      "a vSwitch's addresses in main": ["192.168.0.0/24"],
    },
  });
});

test("security groups let pods in", async () => {
  await make("open", { securityGroups: { nodes: "sg-bp1s" } });
  expect(mocked.of("SecurityGroupRule").map(({ inputs }) => inputs)).toEqual([
    {
      securityGroupId: "sg-bp1s",
      type: "ingress",
      ipProtocol: "all",
      portRange: "-1/-1",
      cidrIp: "10.244.0.0/16",
      description: "Pods of open",
    },
  ]);
});

test.each([
  [{ nodes: { node1: {} } }, "node1 has no next hop"],
  [{ tables: {} }, "name at least one route table"],
  [{ tables: { main: "rtb-1" } }, 'an id such as "vtb-bp1…"'],
])("%o: %s", (change, rule) => {
  expect(() => new AlicloudRoutes("wrong", { ...args, ...change } as AlicloudRoutesArgs)).toThrow(rule);
});
