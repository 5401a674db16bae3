import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { AwsRoutes } from "../../../components/aws";
import { readsTables } from "../../../components/routes/aws-settings";
import { args, asked, eni, make, mocked, network, plan, playVpc, rtbA, rtbB, subnets } from "./aws-bed";
import { resolved } from "./mocks";

playVpc();

test("each table gets a route to each node's subnet of each family, by the node's network interface", async () => {
  const made = await make("pods");
  const routes = mocked.of("Route");
  expect(routes.map(({ name }) => name).sort()).toEqual(
    ["private-a", "private-b"].flatMap((table) => [
      ...[0, 1, 2].map((index) => `pods-${table}-10-244-${index}-0-24`),
      `pods-${table}-fd00-10-244---64`,
      ...[1, 2].map((index) => `pods-${table}-fd00-10-244-${index}---64`),
    ]),
  );
  expect(routes.find(({ name }) => name === "pods-private-a-10-244-2-0-24")?.inputs).toEqual({
    routeTableId: rtbA,
    destinationCidrBlock: "10.244.2.0/24",
    networkInterfaceId: eni(3),
  });
  expect(routes.find(({ name }) => name === "pods-private-b-fd00-10-244-1---64")?.inputs).toEqual({
    routeTableId: rtbB,
    destinationIpv6CidrBlock: "fd00:10:244:1::/64",
    networkInterfaceId: eni(2),
  });
  expect(await resolved(made.routes)).toMatchObject({ "10.244.0.0/24": "node1", "fd00:10:244:2::/64": "node3" });
});

test("the plan is told what stands in the tables, what the VPC routes itself, and who does not forward", async () => {
  const routes = [
    { cidrBlock: "0.0.0.0/0", ipv6CidrBlock: "", natGatewayId: "nat-1", instanceId: "" },
    { cidrBlock: "", ipv6CidrBlock: "fd99::/64", networkInterfaceId: "eni-gone", instanceId: "i-gone" },
    { cidrBlock: "", ipv6CidrBlock: "", destinationPrefixListId: "pl-1", gatewayId: "vgw-1" },
  ];
  mocked.answers["aws:ec2/getRouteTable:getRouteTable"] = () => ({ routes });
  await make("looked");
  expect(plan()).toMatchObject({
    cloud: "aws",
    quota: 500,
    adopt: false,
    taken: { "addresses of the VPC": ["10.0.0.0/16", "2001:db8::/56"] },
    nodes: { node1: { hop: eni(1), forwards: true }, node3: { hop: eni(3), forwards: true } },
    tables: {
      "private-a": {
        id: rtbA,
        standing: [
          { to: "0.0.0.0/0", hop: "nat-1", dead: false, importId: `${rtbA}_0.0.0.0/0` },
          { to: "fd99::/64", hop: "eni-gone", dead: true, importId: `${rtbA}_fd99::/64` },
        ],
        lists: [{ family: "ipv6", counts: 20 }],
      },
    },
  });
  expect(asked("getNetworkInterfaces")[0]?.inputs.filters).toEqual(
    expect.arrayContaining([{ name: "source-dest-check", values: ["false"] }]),
  );
});

test("the plan is told which nodes check source and destination", async () => {
  mocked.answers["aws:ec2/getNetworkInterfaces:getNetworkInterfaces"] = () => ({ ids: [eni(1), eni(3)] });
  await make("checking");
  expect(plan()?.nodes).toMatchObject({ node1: { forwards: true }, node2: { forwards: false } });
});

test("interfaces are not looked at when it is said: the same run may turn their check off", async () => {
  await make("turning", { readInterfaces: false });
  expect(asked("getNetworkInterfaces")).toEqual([]);
  expect(plan()?.nodes).toEqual({ node1: { hop: eni(1) }, node2: { hop: eni(2) }, node3: { hop: eni(3) } });
});

test("interfaces are asked about 200 at a time", async () => {
  mocked.answers["aws:ec2/getRouteTables:getRouteTables"] = () => ({ ids: [] });
  const names = Array.from({ length: 401 }, (_, index) => `node${index}`);
  const nodes = Object.fromEntries(names.map((name) => [name, { networkInterface: eni(1) }]));
  await make("many", { nodes, tables: {}, tablesTagged: {} });
  const values = asked("getNetworkInterfaces").map(
    ({ inputs }) => (inputs.filters as { values: string[] }[])[0]?.values,
  );
  expect(values.map((list) => list?.length).sort()).toEqual([1, 200, 200]);
});

test("tables of more than 100 nodes are read only when it is said", () => {
  const nodes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [index, {}]));
  expect([100, 101].map((count) => readsTables({ nodes: nodes(count) }))).toEqual([true, false]);
  expect([true, false].map((readTables) => readsTables({ nodes: nodes(101), readTables }))).toEqual([true, false]);
});

test("that tables of more than 100 nodes are not read is told once, with the way out", async () => {
  const told = vi.spyOn(pulumi.log, "warn").mockImplementation(async () => undefined);
  const names = Array.from({ length: 101 }, (_, index) => `node${index}`);
  const nodes = Object.fromEntries(names.map((name) => [name, { networkInterface: eni(1) }]));
  for (const readTables of [undefined, true, false])
    await make(`told-${readTables}`, { nodes, ...(readTables !== undefined && { readTables }) });
  expect(told.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(
      /^the tables are not read, for there are 101 nodes .*\. Say readTables: true to have them read/,
    ),
  ]);
  told.mockRestore();
});

test("tables are found by their tags, and named by their ids", async () => {
  await make("tagged", { tables: {}, tablesTagged: { role: "private" } });
  expect(asked("getRouteTables")[0]?.inputs).toEqual({ vpcId: args.vpc, tags: { role: "private" } });
  expect(mocked.of("Route").map(({ inputs }) => inputs.routeTableId)).toEqual([
    ...Array(6).fill(rtbA),
    ...Array(6).fill(rtbB),
  ]);
  expect(mocked.of("Route")[0]?.name).toBe(`tagged-${rtbA}-10-244-0-0-24`);
});

test("a node behind another is reached by it, in one route where subnets are neighbours", async () => {
  const nodes = { node1: { networkInterface: eni(1) }, node2: { via: "node1" }, node3: { networkInterface: eni(3) } };
  await make("zoned", { nodes, tables: { a: rtbA } });
  expect(
    mocked
      .of("Route")
      .map(({ inputs }) => [inputs.destinationCidrBlock ?? inputs.destinationIpv6CidrBlock, inputs.networkInterfaceId])
      .sort(),
  ).toEqual([
    ["10.244.0.0/23", eni(1)],
    ["10.244.2.0/24", eni(3)],
    ["fd00:10:244:2::/64", eni(3)],
    ["fd00:10:244::/63", eni(1)],
  ]);
});

test("a route that stands there is imported when it is adopted, and no other", async () => {
  mocked.answers["aws:ec2/getRouteTable:getRouteTable"] = ({ routeTableId }: { routeTableId: string }) => ({
    routes: routeTableId === rtbA ? [{ cidrBlock: "10.244.1.0/24", networkInterfaceId: eni(2) }] : [],
  });
  await make("adopting", { adopt: true });
  expect(
    mocked
      .of("Route")
      .filter(({ importId }) => importId !== "")
      .map(({ name, importId }) => [name, importId]),
  ).toEqual([["adopting-private-a-10-244-1-0-24", `${rtbA}_10.244.1.0/24`]]);
});

test("by prefix lists each node and family has one list, and each table a route to it", async () => {
  await make("listed", { destination: "prefix-list", prefixLists: { entries: 4 } });
  const list = mocked.of("ManagedPrefixList").find(({ name }) => name === "listed-node2-ipv6");
  expect(mocked.of("ManagedPrefixList")).toHaveLength(6);
  expect(list?.inputs).toMatchObject({
    addressFamily: "IPv6",
    maxEntries: 4,
    entries: [{ cidr: "fd00:10:244:1::/64", description: "pods of node2" }],
  });
  expect(mocked.of("Route")).toHaveLength(12);
  expect(mocked.of("Route").find(({ name }) => name === "listed-private-b-node2-ipv6")?.inputs).toEqual({
    routeTableId: rtbB,
    destinationPrefixListId: "id-of-listed-node2-ipv6",
    networkInterfaceId: eni(2),
  });
  expect(plan()?.prefixLists).toEqual({ entries: 4, quota: 100 });
});

test("security groups let pods in, by pods' addresses of each family", async () => {
  await make("open", { securityGroups: { nodes: "sg-00000000000000001" } });
  expect(mocked.of("SecurityGroupIngressRule").map(({ name, inputs }) => ({ name, ...inputs }))).toEqual([
    {
      name: "open-nodes-10-244-0-0-16",
      securityGroupId: "sg-00000000000000001",
      ipProtocol: "-1",
      cidrIpv4: "10.244.0.0/16",
      description: "Pods of open",
    },
    expect.objectContaining({ name: "open-nodes-fd00-10-244---48", cidrIpv6: "fd00:10:244::/48" }),
  ]);
});

test("the quota is the account's own when it is asked for", async () => {
  await make("quoted", { quota: "account" });
  expect(plan()?.quota).toBe(750);
});

test("subnets, tables and interfaces may come from other resources", async () => {
  const later = <T>(value: T) => pulumi.output(Promise.resolve(value));
  await make("later", {
    network: { podCidr: network.podCidr, subnets: later<Record<string, string[]>>(subnets) },
    vpc: later("vpc-00000000000000001"),
    tables: { a: later(rtbA) },
    nodes: { ...args.nodes, node1: { networkInterface: later(eni(1)) } },
  });
  expect(mocked.of("Route")[0]?.inputs).toMatchObject({ routeTableId: rtbA, networkInterfaceId: eni(1) });
});

test("what depends on the component waits for all of its routes", async () => {
  const routes = new AwsRoutes("awaited", args);
  const proof = new (class extends pulumi.CustomResource {})("test:index:Proof", "proof", {}, { dependsOn: routes });
  await resolved(proof.urn);
  const names = mocked.of("Route").map(({ name }) => name);
  expect(names).toHaveLength(12);
  expect(mocked.of("Proof")[0]?.dependencies).toEqual(expect.arrayContaining(names));
});

test("a release of the SDK that lists no IPv6 ranges of a VPC tells the first", async () => {
  const told = async (name: string, ipv6CidrBlock: string) => {
    mocked.forget();
    const cidrBlockAssociations = [{ cidrBlock: "10.0.0.0/16" }];
    mocked.answers["aws:ec2/getVpc:getVpc"] = () => ({ cidrBlockAssociations, ipv6CidrBlock });
    await make(name);
    return plan()?.taken;
  };
  expect(await told("first", "2001:db8::/56")).toEqual({
    "addresses of the VPC": ["10.0.0.0/16", "2001:db8::/56"],
  });
  expect(await told("none", "")).toEqual({ "addresses of the VPC": ["10.0.0.0/16"] });
});
