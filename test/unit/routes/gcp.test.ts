import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GcpRoutes, type GcpRoutesArgs } from "../../../components/gcp";
import { Mocked, resolved } from "./mocks";

const link = (kind: string, name: string) => `https://www.googleapis.com/compute/v1/projects/p/${kind}/${name}`;
const instance = (name: string) => link("zones/europe-west3-a/instances", name);
const network = {
  subnets: { node1: ["10.244.0.0/24"], node2: ["10.244.1.0/24"], node3: ["10.244.2.0/24"] },
  podCidr: "10.244.0.0/16",
};
const args: GcpRoutesArgs = {
  network,
  vpc: "cluster",
  nodes: {
    node1: { instance: instance("node1") },
    node2: { instance: "node2", zone: "europe-west3-b" },
    node3: { ipv4: "10.128.0.13" },
  },
};

const mocked = new Mocked({});

beforeAll(() => mocked.start());
beforeEach(() => {
  mocked.forget();
  Object.assign(mocked.answers, {
    "gcp:compute/getInstance:getInstance": () => ({ canIpForward: true }),
    "gcp:compute/getNetwork:getNetwork": () => ({
      subnetworksSelfLinks: [link("regions/europe-west3/subnetworks", "nodes")],
    }),
    "gcp:compute/getSubnetwork:getSubnetwork": () => ({
      ipCidrRange: "10.128.0.0/20",
      secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.244.0.0/23" }],
      internalIpv6Prefix: "",
      externalIpv6Prefix: "2600:1900::/64",
    }),
  });
});
afterAll(() => pulumi.runtime.disconnect());

async function make(name: string, change: Partial<GcpRoutesArgs> = {}): Promise<GcpRoutes> {
  const routes = new GcpRoutes(name, { ...args, ...change });
  await Promise.all([resolved(routes.routes), resolved(routes.aliasIpRanges)]);
  return routes;
}

const plan = () => mocked.of("RoutePlan")[0]?.inputs;
const asked = (function_: string) => mocked.asked.filter(({ token }) => token.endsWith(`:${function_}`));

test("each node's subnet is a route by its instance, or by its address, under a name of its own", async () => {
  const made = await make("pods", { priority: 500, tags: ["node"] });
  const inputs = Object.fromEntries(mocked.of("Route").map(({ name, inputs: given }) => [name, given]));
  const shared = { network: "cluster", priority: 500, tags: ["node"] };
  expect(inputs).toEqual({
    "pods-10-244-0-0-24": {
      ...shared,
      name: "pods-10-244-0-0-24",
      description: "Pods of node1",
      destRange: "10.244.0.0/24",
      nextHopInstance: instance("node1"),
    },
    "pods-10-244-1-0-24": {
      ...shared,
      name: "pods-10-244-1-0-24",
      description: "Pods of node2",
      destRange: "10.244.1.0/24",
      nextHopInstance: "node2",
      nextHopInstanceZone: "europe-west3-b",
    },
    "pods-10-244-2-0-24": {
      ...shared,
      name: "pods-10-244-2-0-24",
      description: "Pods of node3",
      destRange: "10.244.2.0/24",
      nextHopIp: "10.128.0.13",
    },
  });
  // It has a name, and no two routes have one.
  expect(mocked.of("Route").every(({ deleteBeforeReplace }) => deleteBeforeReplace)).toBe(true);
  expect(await resolved(made.routes)).toEqual({
    "10.244.0.0/24": "node1",
    "10.244.1.0/24": "node2",
    "10.244.2.0/24": "node3",
  });
});

test("the plan is told whether instances forward, and what the VPC network routes itself", async () => {
  mocked.answers["gcp:compute/getInstance:getInstance"] = ({ name }: { name?: string }) => ({
    canIpForward: name !== "node2",
  });
  await make("looked");
  expect(plan()).toMatchObject({
    cloud: "gcp",
    quota: 200,
    nodes: { node1: { forwards: true }, node2: { forwards: false }, node3: {} },
    tables: { "the VPC network": { id: "cluster" } },
    taken: { "addresses of its subnetworks": ["10.128.0.0/20", "10.244.0.0/23", "2600:1900::/64"] },
  });
  expect(asked("getInstance").map(({ inputs }) => inputs)).toEqual([
    { selfLink: instance("node1") },
    { name: "node2", zone: "europe-west3-b" },
  ]);
});

test("IPv6 pods are reached by the instance, or by an IPv6 address", async () => {
  await make("dual", {
    network: {
      subnets: { node1: ["10.244.0.0/24", "fd20:1::/64"], node2: ["10.244.1.0/24", "fd20:1:0:1::/64"] },
      podCidr: ["10.244.0.0/16", "fd20:1::/48"],
    },
    nodes: { node1: { instance: instance("node1") }, node2: { ipv4: "10.128.0.12", ipv6: "fd20:2::12" } },
  });
  const six = mocked.of("Route").filter(({ inputs }) => String(inputs.destRange).includes(":"));
  expect(six.map(({ name, inputs }) => [name, inputs.nextHopInstance ?? inputs.nextHopIp])).toEqual([
    ["dual-fd20-1-0-1---64", "fd20:2::12"],
    ["dual-fd20-1---64", instance("node1")],
  ]);
});

test("a firewall rule for each family lets pods in, to the tagged instances, unless it is not wanted", async () => {
  await make("open", { tags: ["node"], project: "host" });
  expect(mocked.of("Firewall").map(({ inputs }) => inputs)).toEqual([
    {
      name: "open-pods-ipv4",
      network: "cluster",
      project: "host",
      description: "Pods of open",
      sourceRanges: ["10.244.0.0/16"],
      allows: [{ protocol: "all" }],
      targetTags: ["node"],
    },
  ]);
  mocked.forget();
  await make("closed", { firewall: false });
  expect(mocked.of("Firewall")).toEqual([]);
});

test("as alias IP ranges there are no routes, and each instance is told its ranges", async () => {
  const subnets = { node1: ["10.244.0.0/25", "10.244.0.128/25"], node2: ["10.244.1.0/24"] };
  const alias = { subnetwork: link("regions/europe-west3/subnetworks", "nodes"), range: "pods" };
  const made = await make("aliased", { network: { subnets, podCidr: "10.244.0.0/16" }, nodes: {}, alias });
  expect(await resolved(made.aliasIpRanges)).toEqual({
    node1: [{ ipCidrRange: "10.244.0.0/24", subnetworkRangeName: "pods" }],
    node2: [{ ipCidrRange: "10.244.1.0/24", subnetworkRangeName: "pods" }],
  });
  expect(mocked.made.map(({ type }) => type.split(":").at(-1))).toEqual(["GcpRoutes", "Firewall"]);
});

describe("settings", () => {
  const refusal = (change: object, name = "wrong") => {
    try {
      new GcpRoutes(name, { ...args, ...change } as GcpRoutesArgs);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("they were taken");
  };
  const alias = { subnetwork: "nodes", range: "pods" };

  test.each([
    [{ nodes: { node1: { instance: "node1" } } }, "node1's instance is a name, and names are of a zone"],
    [{ nodes: { node1: { instance: "a/b", ipv4: "10.0.0.1" } } }, "node1 has instance and address"],
    [{ nodes: { node1: { ipv6: "fd20::1" } } }, "node1 has no ipv4 address, and podCidr has an ipv4 range"],
    [{ nodes: { node1: { via: "node2" } } }, "node1 is behind node2, which is no node here"],
    [{ priority: 70000 }, "at priority, value 70000"],
    [{ tags: ["Node"] }, "a network tag: lower-case letters, digits and dashes"],
    [{ alias }, "alias IP ranges need no next hops"],
    [{ alias, nodes: {}, network: { ...network, podCidr: "fd20::/48" } }, "alias IP ranges are IPv4"],
  ])("%o: %s", (change, rule) => {
    expect(refusal(change)).toContain(rule);
  });

  test("a name that leaves no room for the destination in 63 characters is refused", () => {
    const six = { network: { subnets: {}, podCidr: "fd20::/48" } };
    expect(refusal({}, "x".repeat(45))).toContain("the name is not 1 to 44 lower-case letters, digits and dashes");
    expect(refusal(six, "x".repeat(20))).toContain("the name is not 1 to 19");
    expect(refusal({}, "Pods")).toContain("the name is not 1 to 44");
  });
});
