import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Stack } from "../stack";
import { type Cloud, StandIn } from "./stand-in";

export type CloudName = "aws" | "gcp" | "alicloud";

/** What a program wants: nodes whose subnets an address plan gives out, and routes to them. */
export interface Wanted {
  cloud: CloudName;
  nodes: string[];
  podCidr?: string;
  nodePrefix?: number;
  /** The network that the routes are a part of; otherwise they stand beside an address plan. */
  within?: "bridge" | "flannel";
  /** The component's settings but for its network; `newTable` names a table that the program itself makes. */
  routes: Record<string, unknown>;
}

/** A program with podnet's components and the clouds' own SDKs, run by the real engine, with stand-ins for the clouds. */
export class CloudStack {
  private constructor(
    readonly stack: Stack,
    readonly standIns: Record<string, StandIn>,
    private readonly folder: string,
  ) {}

  static async create(clouds: Partial<Record<CloudName, Cloud>>): Promise<CloudStack> {
    const folder = mkdtempSync(join(tmpdir(), "podnet-clouds-"));
    const started = await Promise.all(
      Object.entries(clouds).map(async ([name, cloud]) => {
        const path = join(folder, name);
        return { name, path, standIn: await StandIn.start(name, cloud, path) };
      }),
    );
    const plugins = Object.fromEntries(started.map(({ name, path }) => [name, path]));
    const stack = await Stack.create({ programText: program, plugins });
    return new CloudStack(stack, Object.fromEntries(started.map(({ name, standIn }) => [name, standIn])), folder);
  }

  want(wanted: Wanted): void {
    writeFileSync(join(this.stack.folder, "wanted.json"), JSON.stringify(wanted));
  }

  /** How many resources of a type a run would create, update and so on. */
  async planned(): Promise<Record<string, Record<string, number>>> {
    const { steps } = JSON.parse(await this.stack.must("preview", "--json")) as {
      steps: { op: string; urn: string }[];
    };
    const counts: Record<string, Record<string, number>> = {};
    for (const { op, urn } of steps.filter((step) => step.op !== "same")) {
      const type = urn.split("::")[2]?.split(":").at(-1) as string;
      counts[type] = { ...counts[type], [op]: (counts[type]?.[op] ?? 0) + 1 };
    }
    return counts;
  }

  /** The engine forgets what it made; the clouds do not. */
  async loseState(): Promise<void> {
    await this.stack.must("stack", "rm", "test", "--force", "--yes", "--preserve-config");
    await this.stack.must("stack", "init", "test");
  }

  remove(): void {
    for (const standIn of Object.values(this.standIns)) standIn.stop();
    this.stack.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const components = join(__dirname, "../../../dist/components");

const program = `
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { AddressPlan } = require("${components}");
const makers = { aws: "AwsRoutes", gcp: "GcpRoutes", alicloud: "AlicloudRoutes" };
const wanted = JSON.parse(readFileSync(__dirname + "/wanted.json", "utf8"));
if (!Array.isArray(wanted)) {
  const { cloud, nodes, podCidr = "10.244.0.0/16", nodePrefix = 24, routes, within } = wanted;
  const Routes = require("${components}/" + cloud)[makers[cloud]];
  if (within) {
    const { BridgeNetwork, FlannelNetwork, Inventory } = require("${components}");
    const inventory = Inventory.of({
      nodes: Object.fromEntries(nodes.map((node, index) => [node, { connection: { host: "198.18.0." + (index + 11) } }])),
    });
    const args = {
      nodes: inventory,
      podCidr,
      routes: (name, network, options) => new Routes(name, { network, ...routes }, options),
    };
    const hosts = { mode: "etcd", etcd: { endpoints: ["http://198.18.0.1:2379"] }, backend: { type: "aws-vpc" } };
    const network = within === "bridge" ? new BridgeNetwork("pods", args) : new FlannelNetwork("pods", { ...args, ...hosts });
    exports.mtu = network.mtu;
    return;
  }
  const { subnets } = new AddressPlan("pods", { pools: [{ cidr: podCidr, nodePrefix }], nodes });
  if (routes.newTable) {
    const { RouteTable } = require("@pulumi/aws/ec2");
    routes.tables = { [routes.newTable]: new RouteTable("made-here", { vpcId: routes.vpc }).id };
    delete routes.newTable;
  }
  const made = new Routes("pods", { network: { subnets, podCidr }, ...routes });
  exports.routes = made.routes;
}
`;
