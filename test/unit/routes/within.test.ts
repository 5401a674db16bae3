import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
  BridgeNetwork,
  type BridgeNetworkArgs,
  FlannelNetwork,
  type FlannelNetworkArgs,
  Inventory,
  type NetworkRoutes,
} from "../../../components";
import { AwsRoutes } from "../../../components/aws";
import { args, eni, mocked, playVpc } from "./aws-bed";
import { resolved } from "./mocks";

playVpc();

const { network: _, ...cloud } = args;
const routes: NetworkRoutes = (name, network, options) => new AwsRoutes(name, { ...cloud, network }, options);
const nodes = Inventory.of({
  segments: { a: { routers: ["10.0.1.1"] }, b: { routers: ["10.0.2.1"] } },
  nodes: {
    node1: { connection: { host: "10.0.1.11" }, segment: "a" },
    node2: { connection: { host: "10.0.1.12" }, segment: "a" },
    node3: { connection: { host: "10.0.2.11" }, segment: "b" },
  },
});

const all = ["pods-private-a-10-244-0-0-24", "pods-private-b-10-244-2-0-24"];
const proof = (name: string) => mocked.of("Verification").find((one) => one.name === name);
const trigger = (name: string) => (proof(name)?.inputs.triggers as { routes?: string } | undefined)?.routes;

async function flannel(name: string, change: Partial<FlannelNetworkArgs> = {}): Promise<FlannelNetwork> {
  const settings: FlannelNetworkArgs = { nodes, podCidr: "10.244.0.0/16", backend: { type: "aws-vpc" }, routes };
  const network = new FlannelNetwork(name, { ...settings, ...change });
  if (network.verification) await resolved(network.verification.urn);
  return network;
}

async function bridge(name: string, change: Partial<BridgeNetworkArgs> = {}): Promise<BridgeNetwork> {
  const network = new BridgeNetwork(name, { nodes, podCidr: "10.244.0.0/16", routes, ...change });
  await resolved(network.verification.urn);
  return network;
}

describe("flannel and its routes in one component", () => {
  test("routes to the subnets that podnet plans are the network's children, and it is proven after them", async () => {
    const network = await flannel("pods");
    expect(mocked.of("AwsRoutes")).toMatchObject([{ name: "pods", parent: "pods" }]);
    expect(mocked.of("Route").map(({ inputs }) => inputs.destinationCidrBlock)).toEqual(
      ["private-a", "private-b"].flatMap(() => ["10.244.0.0/24", "10.244.1.0/24", "10.244.2.0/24"]),
    );
    expect(proof("pods")?.dependencies).toEqual(expect.arrayContaining(all));
    expect(await resolved(network.routes?.routes as pulumi.Output<unknown>)).toMatchObject({
      "10.244.2.0/24": "node3",
    });
  });

  test.each([
    ["aws-vpc", 9001],
    ["gce", 1460],
    ["ali-vpc", 1500],
    ["alloc", 1500],
  ] as const)("with %s pods have the MTU of the cloud's NICs, %d, or what the inventory says", async (type, mtu) => {
    const backend = { type };
    expect((await flannel("usual", { backend, routes: undefined })).mtu).toBe(mtu);
    const narrow = Inventory.of({ nodes: { node1: { connection: { host: "10.0.1.11" }, mtu: 1400 } } });
    expect((await flannel("narrow", { nodes: narrow, backend, routes: undefined })).mtu).toBe(1400);
    expect((await flannel("said", { backend, underlayMtu: 1300, routes: undefined })).mtu).toBe(1300);
  });

  test("another way to a node has the network proven again", async () => {
    const moved = { ...cloud.nodes, node1: { networkInterface: eni(9) } };
    await flannel("before");
    await flannel("same");
    await flannel("after", {
      routes: (name, network, options) => new AwsRoutes(name, { ...cloud, nodes: moved, network }, options),
    });
    expect(trigger("before")).toMatch(/^[0-9a-f]{64}$/);
    expect(trigger("same")).toBe(trigger("before"));
    expect(trigger("after")).not.toBe(trigger("before"));
  });

  test("on hosts with etcd too", async () => {
    const etcd = { endpoints: ["http://10.0.1.5:2379"] };
    await flannel("pods", { mode: "etcd", etcd, rollout: { batch: 2 } });
    expect(proof("pods-batch-1")?.dependencies).toEqual(expect.arrayContaining(all));
  });

  test("what would make no sense is refused with the way out", () => {
    const refused = (change: Partial<FlannelNetworkArgs>) => {
      const settings = { nodes, podCidr: "10.244.0.0/16", backend: { type: "aws-vpc" as const }, routes };
      return () => new FlannelNetwork("wrong", { ...settings, ...change });
    };
    expect(refused({ backend: { type: "vxlan" } })).toThrow(
      /backend vxlan brings packets to the nodes itself\s+→ at routes/,
    );
    expect(refused({ allocation: "cluster" })).toThrow(
      /which podnet does not know here\s+→ at routes\s+→ .*allocation/,
    );
    expect(refused({ nodes: undefined })).toThrow(/which podnet does not know here\s+→ at routes\s+→ .*Inventory/);
    expect(refused({ routes: { cloud: "aws" } as never })).toThrow(
      /a function that makes them.*AwsRoutes.*\s+→ at routes/,
    );
  });
});

describe("bridges and their routes in one component", () => {
  test("the first proof waits for the routes, later batches for the proof, and no node for every route", async () => {
    await bridge("pods", { rollout: { batch: 1 } });
    expect(proof("pods-batch-1")?.dependencies).toEqual(expect.arrayContaining(all));
    expect(proof("pods-batch-2")?.dependencies).toEqual(["pods-node2"]);
    for (const node of mocked.of("NodeState")) expect(node.dependencies).not.toEqual(expect.arrayContaining(all));
    expect(trigger("pods")).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a tunnel or a flat network needs none", () => {
    const make = (change: Partial<BridgeNetworkArgs>) => () =>
      new BridgeNetwork("wrong", { nodes, podCidr: "10.244.0.0/16", routes, ...change });
    expect(make({ crossSegment: "vxlan" })).toThrow(/a tunnel brings packets to other segments.*\s+→ at routes/);
    expect(make({ shape: "flat" })).toThrow(/pods of a flat network are in the physical network.*\s+→ at routes/);
  });
});
