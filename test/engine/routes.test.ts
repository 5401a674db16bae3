import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CloudStack, type Wanted } from "./stand-in/clouds";
import { emptyAlicloud, emptyAws, emptyGcp } from "./stand-in/memory";

// The real engine and podnet's own plugin; for the clouds stand-ins answer.

const eni = (node: string) => `eni-${Buffer.from(node).toString("hex").padStart(17, "0")}`;
const [rtbA, rtbB] = ["rtb-0000000000000000a", "rtb-0000000000000000b"];
const aws = (nodes: string[], more: Record<string, unknown> = {}): Wanted => ({
  cloud: "aws",
  nodes,
  routes: {
    vpc: "vpc-00000000000000001",
    nodes: Object.fromEntries(nodes.map((node) => [node, { networkInterface: eni(node) }])),
    tables: { a: rtbA, b: rtbB },
    ...more,
  },
});

const today: Record<string, unknown[]> = {};
let clouds: CloudStack;

beforeAll(async () => {
  clouds = await CloudStack.create({
    aws: emptyAws({ checking: [eni("closed")], tables: today }),
    gcp: emptyGcp(),
    alicloud: emptyAlicloud(),
  });
});
afterAll(() => clouds?.remove());

describe("AWS", () => {
  test("a preview shows every route of every table, and touches nothing", async () => {
    clouds.want(aws(["n1", "n2", "n3"], { securityGroups: { nodes: "sg-00000000000000001" } }));
    expect(await clouds.planned()).toMatchObject({
      Route: { create: 6 },
      RoutePlan: { create: 1 },
      SecurityGroupIngressRule: { create: 1 },
    });
    expect(clouds.standIns.aws?.steps).toEqual([]);
  });

  test("a node that joins is one route in each table, and a second run changes nothing", async () => {
    clouds.want(aws(["n1", "n2", "n3"]));
    expect(await clouds.stack.must("up", "--yes", "--skip-preview")).toMatch(/10\.244\.0\.0\/24: "n1"/);
    await clouds.stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
    clouds.want(aws(["n1", "n2", "n3", "n4"]));
    expect(await clouds.planned()).toEqual({
      AddressPlan: { update: 1 },
      RoutePlan: { update: 1 },
      Route: { create: 2 },
    });
  });

  test("a newcomer that takes the subnet of one who left takes over its route, in place", async () => {
    clouds.standIns.aws?.forget();
    clouds.want(aws(["n1", "n3", "n4"]));
    await clouds.stack.must("up", "--yes", "--skip-preview");
    const steps = clouds.standIns.aws?.steps.map(({ step, name, inputs }) => [step, name, inputs.networkInterfaceId]);
    expect(steps?.sort()).toEqual([
      ["update", "pods-a-10-244-1-0-24", eni("n4")],
      ["update", "pods-b-10-244-1-0-24", eni("n4")],
    ]);
  });

  test("what the tables do not take is refused at preview, in words and without a stack", async () => {
    today[rtbA] = [
      { cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" },
      { cidrBlock: "10.244.1.64/26", networkInterfaceId: eni("other") },
      { cidrBlock: "10.244.0.0/24", networkInterfaceId: eni("n1") },
    ];
    clouds.want(aws(["n1", "n3", "n4", "closed"], { quota: 5 }));
    const { code, output } = await clouds.stack.run("preview");
    today[rtbA] = [];
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /quota: a would have 6 ipv4 routes, 4 of pods and 2 others, and takes 5; raise the quota to 6/,
    );
    expect(output).toContain(`a has a route to 10.244.1.64/26, a part of n4's 10.244.1.0/24, by ${eni("other")}`);
    expect(output).toMatch(/nodes\.closed: closed's next hop eni-\w+ does not exist, or checks source and destination/);
    expect(output).not.toContain("already");
    expect(output).toMatch(/warning: b has 4 of 5 ipv4 routes: room for 1 more/);
    expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
  });

  test("a table that the same program makes is known by its name, and its routes are shown", async () => {
    clouds.want(aws(["n1", "n3", "n4"], { tables: undefined, newTable: "fresh" }));
    expect(await clouds.planned()).toMatchObject({ RouteTable: { create: 1 }, Route: { create: 3, delete: 6 } });
  });
});

describe("a network that makes its routes", () => {
  const own = (within: "bridge" | "flannel", nodes: string[]): Wanted => ({ ...aws(nodes), within });

  test.each(["bridge", "flannel"] as const)("%s shows them at preview, with the MTU of the NICs", async (within) => {
    clouds.want(own(within, ["n1", "n2", "n5", "n6"]));
    const shown = await clouds.stack.must("preview", "--diff");
    expect(shown).toMatch(within === "flannel" ? /\bmtu +: 9001\b/ : /\bmtu +: 1500\b/);
    const planned = await clouds.planned();
    // Three subnets have routes from before, which lead elsewhere in place; the fourth has none yet in either table.
    expect(planned).toMatchObject({ NodeState: { create: 4 }, Route: { create: 2 }, Verification: { create: 1 } });
  });

  test("those that stood beside it become its own, and no route is touched", async () => {
    clouds.want(aws(["n1", "n3", "n4"]));
    await clouds.stack.must("up", "--yes", "--skip-preview");
    clouds.want(own("bridge", ["n1", "n4", "n3"]));
    const planned = await clouds.planned();
    expect(planned).toMatchObject({ BridgeNetwork: { create: 1 }, NodeState: { create: 3 } });
    expect(Object.keys(planned)).not.toContain("Route");
  });
});

describe("Google Cloud", () => {
  const instance = (node: string) => `projects/p/zones/z/instances/${node}`;
  const gcp = (nodes: string[], more: Record<string, unknown> = {}): Wanted => ({
    cloud: "gcp",
    nodes,
    routes: {
      vpc: "cluster",
      nodes: Object.fromEntries(nodes.map((node) => [node, { instance: instance(node) }])),
      ...more,
    },
  });
  test("a route whose instance changes goes before the one of its name comes", async () => {
    clouds.want(gcp(["n1", "n2"]));
    await clouds.stack.must("up", "--yes", "--skip-preview");
    clouds.standIns.gcp?.forget();
    clouds.want(gcp(["n2", "n3"]));
    await clouds.stack.must("up", "--yes", "--skip-preview");
    expect(clouds.standIns.gcp?.steps.map(({ step, name }) => [step, name])).toEqual([
      ["delete", "pods-10-244-0-0-24"],
      ["create", "pods-10-244-0-0-24"],
    ]);
  });

  test("an instance that does not forward, and too many routes, are refused at preview", async () => {
    clouds.want(gcp(["n2", "closed"], { quota: 1 }));
    const { code, output } = await clouds.stack.run("preview");
    expect(code).not.toBe(0);
    expect(output).toContain("nodes.closed: closed's next hop has canIpForward off");
    expect(output).toContain("the VPC network would have 2 routes, 2 of pods and 0 others, and takes 1");
  });
});

describe("alias IP ranges", () => {
  test("outside of the secondary range are refused at preview, in words and without a stack", async () => {
    const alias = { subnetwork: "projects/p/regions/r/subnetworks/nodes", range: "pods" };
    clouds.want({ cloud: "gcp", nodes: ["n1"], routes: { vpc: "cluster", alias } });
    const { code, output } = await clouds.stack.run("preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /GcpRoutes "pods": 1 problem\s+✖ n1's pod subnet 10\.244\.0\.0\/24 is not in the secondary range pods/,
    );
    expect(output).toContain("pods is 10.99.0.0/16");
    expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
  });
});

describe("Alibaba Cloud", () => {
  const alicloud = (nodes: string[]): Wanted => ({
    cloud: "alicloud",
    nodes,
    routes: {
      nodes: Object.fromEntries(nodes.map((node) => [node, { instance: `i-${node}` }])),
      tables: { main: "vtb-main", edge: "vtb-edge" },
    },
  });
  test("entries are made one at a time, changed and removed so, and the others stay", async () => {
    clouds.want(alicloud(["n1", "n2", "n3"]));
    await clouds.stack.must("up", "--yes", "--skip-preview");
    expect(clouds.standIns.alicloud).toMatchObject({ busiest: 1, steps: { length: 6 } });
    clouds.standIns.alicloud?.forget();
    clouds.want(alicloud(["n1", "n4", "n3"]));
    await clouds.stack.must("up", "--yes", "--skip-preview");
    expect(clouds.standIns.alicloud?.steps.map(({ step, name }) => [step, name])).toEqual([
      ["delete", "pods-main-10-244-1-0-24"],
      ["create", "pods-main-10-244-1-0-24"],
      ["delete", "pods-edge-10-244-1-0-24"],
      ["create", "pods-edge-10-244-1-0-24"],
    ]);
    await clouds.stack.must("destroy", "--yes", "--skip-preview");
    expect(clouds.standIns.alicloud?.busiest).toBe(1);
  });
});

describe("an example stack", () => {
  beforeAll(() => {
    const program = join(__dirname, "../../dist/stacks/index.js");
    writeFileSync(join(clouds.stack.folder, "program.js"), `module.exports = require(${JSON.stringify(program)});\n`);
  });

  test.each([
    ["aws", 6],
    ["gcp", 2],
  ])("%s makes the bridges on the nodes and %d routes between them", async (name, count) => {
    const settings = join(__dirname, `../../stacks/Pulumi.${name}.yaml`);
    copyFileSync(settings, join(clouds.stack.folder, "Pulumi.test.yaml"));
    expect(await clouds.planned()).toMatchObject({ BridgeNetwork: { create: 1 }, Route: { create: count } });
    const { steps } = JSON.parse(await clouds.stack.must("preview", "--json")) as { steps: { urn: string }[] };
    expect(steps.filter(({ urn }) => /BridgeNetwork\$.*Routes\$.*:Route::/.test(urn))).toHaveLength(count);
  });
});
