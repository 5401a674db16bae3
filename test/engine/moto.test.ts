import {
  CreateRouteCommand,
  DeleteNetworkInterfaceCommand,
  DescribeSecurityGroupRulesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CloudStack, type Wanted } from "./stand-in/clouds";
import { ec2Cloud, routesOf } from "./stand-in/ec2";
import { instance, Moto, networkInterface, twoZones, type Zones } from "./stand-in/moto";

// The component in the real engine, against EC2's API as moto plays it, by a stand-in for the AWS provider.

let moto: Moto;
let zones: Zones;
let clouds: CloudStack;
/** Each node's network interface. */
let hops: Record<string, string>;
let instanceId: string;

beforeAll(async () => {
  moto = await Moto.start();
  zones = await twoZones(moto.ec2);
  const made = await instance(moto.ec2, zones.subnets.b);
  instanceId = made.id;
  hops = {
    node1: await networkInterface(moto.ec2, zones.subnets.a),
    node2: await networkInterface(moto.ec2, zones.subnets.a),
    node3: made.networkInterface,
  };
  clouds = await CloudStack.create({ aws: ec2Cloud(moto.ec2) });
});
afterAll(() => {
  clouds?.remove();
  moto?.stop();
});

const wanted = (nodes: string[], more: Record<string, unknown> = {}): Wanted => ({
  cloud: "aws",
  nodes,
  routes: {
    vpc: zones.vpc,
    nodes: Object.fromEntries(
      nodes.map((node) => [node, node === "node3" ? { instance: instanceId } : { networkInterface: hops[node] }]),
    ),
    tables: zones.tables,
    securityGroups: { nodes: zones.securityGroup },
    ...more,
  },
});

/** Pod routes of a table as EC2 tells them: next hop by destination. */
async function podRoutes(table: string): Promise<Record<string, string | undefined>> {
  const routes = (await routesOf(moto.ec2, table)).filter(({ GatewayId }) => GatewayId !== "local");
  return Object.fromEntries(
    routes.map((route) => [route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock, route.NetworkInterfaceId]),
  );
}

async function refused(): Promise<string> {
  const { code, output } = await clouds.stack.run("preview");
  expect(code).not.toBe(0);
  return output;
}

test("what is planned is what EC2 then has, in the tables of both zones and in the security group", async () => {
  clouds.want(wanted(["node1", "node2", "node3"]));
  await clouds.stack.must("up", "--yes", "--skip-preview");
  const planned = { "10.244.0.0/24": hops.node1, "10.244.1.0/24": hops.node2, "10.244.2.0/24": hops.node3 };
  for (const table of Object.values(zones.tables)) expect(await podRoutes(table)).toEqual(planned);
  const Filters = [{ Name: "group-id", Values: [zones.securityGroup] }];
  const { SecurityGroupRules } = await moto.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  expect(SecurityGroupRules?.filter(({ IsEgress }) => !IsEgress)).toMatchObject([
    { IpProtocol: "-1", CidrIpv4: "10.244.0.0/16" },
  ]);
});

test("what is in the way is refused at preview: the count, a check that is on, somebody else's route", async () => {
  hops.node4 = await networkInterface(moto.ec2, zones.subnets.a, true);
  const foreign = { RouteTableId: zones.tables.a, NetworkInterfaceId: hops.node1 as string };
  await moto.ec2.send(new CreateRouteCommand({ ...foreign, DestinationCidrBlock: "10.244.3.0/24" }));
  clouds.want(wanted(["node1", "node2", "node3", "node4"], { quota: 3 }));
  const output = await refused();
  expect(output).toContain("a would have 4 ipv4 routes, 4 of pods and 0 others, and takes 3");
  expect(output).toContain(`node4's next hop ${hops.node4} does not exist, or checks source and destination`);
  expect(output).toContain(`a has a route to 10.244.3.0/24, node4's pods, by ${hops.node1}, that podnet did not make`);
  expect(Object.keys(await podRoutes(zones.tables.b))).toHaveLength(3);
});

test("a conflict that nobody looked for fails the run, and the foreign route stays", async () => {
  hops.node4 = await networkInterface(moto.ec2, zones.subnets.a);
  clouds.want(wanted(["node1", "node2", "node3", "node4"], { readTables: false }));
  // The other table's route is made or not, as the engine happens to order them, unless it goes on after an error.
  const { code, output } = await clouds.stack.run("up", "--yes", "--skip-preview", "--continue-on-error");
  expect(code).not.toBe(0);
  expect(output).toContain(`RouteAlreadyExists: ${zones.tables.a} has a route to 10.244.3.0/24`);
  expect(await podRoutes(zones.tables.a)).toMatchObject({ "10.244.3.0/24": hops.node1 });
});

test("routes that stand there are told, and adopted when it is said: nothing is made anew", async () => {
  const tagged = { tables: undefined, tablesTagged: { role: "private" }, securityGroups: undefined };
  await clouds.loseState();
  clouds.standIns.aws?.forget();
  clouds.want(wanted(["node1", "node2", "node3"], tagged));
  expect(await refused()).toContain(`${zones.tables.b} has the route to 10.244.2.0/24 by ${hops.node3} already`);
  clouds.want(wanted(["node1", "node2", "node3"], { ...tagged, adopt: true }));
  await clouds.stack.must("up", "--yes", "--skip-preview");
  expect(clouds.standIns.aws?.steps).toEqual([]);
  await clouds.stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
});

test("a route by an interface that is gone is shown, and destroy leaves what is not podnet's", async () => {
  const gone = await networkInterface(moto.ec2, zones.subnets.a);
  const left = { RouteTableId: zones.tables.a, DestinationCidrBlock: "10.244.99.0/24", NetworkInterfaceId: gone };
  await moto.ec2.send(new CreateRouteCommand(left));
  await moto.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: gone }));
  const output = await clouds.stack.must("preview");
  expect(output).toContain(`${zones.tables.a} has a route to 10.244.99.0/24 by ${gone}, which is gone`);
  await clouds.stack.must("destroy", "--yes", "--skip-preview");
  expect(Object.keys(await podRoutes(zones.tables.a))).toEqual(["10.244.3.0/24", "10.244.99.0/24"]);
  // What was made for node4 before the state was lost, and adopted by nobody: it could be anybody's.
  expect(await podRoutes(zones.tables.b)).toEqual({ "10.244.3.0/24": hops.node4 });
});
