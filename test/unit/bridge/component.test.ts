import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BridgeNetwork, type BridgeNetworkArgs, Inventory } from "../../../components";
import { allocate, type PlanRequest } from "../../../components/addresses/plan";
import { sha256 } from "../../../components/node/kinds/file";

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, never>;
}

interface Request {
  getName(): string;
  getType(): string;
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): unknown };
}

let registered: Registered[] = [];
/** What the engine is really asked for, secrets and dependencies included. */
let requests: Request[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource({ type, name, inputs }) {
      const short = type.split(":").at(-1) as string;
      registered.push({ type: short, name, inputs });
      if (short === "AddressPlan")
        return { id: name, state: { ...inputs, subnets: allocate(undefined, inputs as PlanRequest) } };
      return { id: name, state: short === "NodeState" ? { ...inputs, manifest: `manifest of ${name}` } : inputs };
    },
  });
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, done: unknown): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    requests.push(request);
    return register(request, done);
  };
});
beforeEach(() => {
  registered = [];
  requests = [];
});
afterAll(() => pulumi.runtime.disconnect());

const host = (index: number) => `198.18.0.${index + 11}`;
function inventory(count: number, connection = {}): Inventory {
  const nodes = Array.from({ length: count }, (_, index) => [`node${index}`, { connection: { host: host(index) } }]);
  return Inventory.of({ defaults: { connection }, nodes: Object.fromEntries(nodes.reverse()) });
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Makes the network and waits until everything is registered. */
async function make(name: string, args: Partial<BridgeNetworkArgs> = {}): Promise<BridgeNetwork> {
  const network = new BridgeNetwork(name, { nodes: inventory(5), podCidr: "10.244.0.0/16", ...args });
  await resolved(network.verification.urn);
  return network;
}

const of = (type: string) => registered.filter((one) => one.type === type);
const request = (type: string, name: string) =>
  requests.find((one) => one.getType().endsWith(`:${type}`) && one.getName() === name);
const probed = (proof: string) =>
  (of("Verification").find(({ name }) => name === proof)?.inputs.nodes as unknown as { name: string }[])?.map(
    ({ name }) => name,
  );
const waitsFor = (name: string) =>
  request("NodeState", name)
    ?.getDependenciesList()
    .map((urn) => urn.split("::").at(-1));

test("a network is a record, an address plan, one resource for each node and one proof", async () => {
  const network = await make("pods");
  expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "AddressPlan pods",
    "BridgeNetwork pods",
    "NetworkRecord pods",
    ...[0, 1, 2, 3, 4].map((index) => `NodeState pods-node${index}`),
    "Verification pods",
  ]);
  expect(network.conflist).toBe("/etc/cni/net.d/10-podnet-pods.conflist");
  expect(await resolved(network.subnets)).toMatchObject({ node0: ["10.244.0.0/24"], node4: ["10.244.4.0/24"] });
});

test("subnets follow addresses, whatever the order of the inventory, so that routes to all peers are runs", async () => {
  await make("ordered");
  const state = of("NodeState").find(({ name }) => name === "ordered-node2")?.inputs.state;
  expect(state).toMatchObject({
    routes: [
      { to: "10.244.0.0/24", via: host(0), count: 2 },
      { to: "10.244.3.0/24", via: host(3), count: 2 },
    ],
  });
});

test("nothing is touched before the record has agreed, and the proof is asked again when a node changes", async () => {
  await make("gated");
  for (const { name } of of("NodeState")) expect(waitsFor(name)).toContain("gated");
  const proof = of("Verification")[0];
  const manifests = [0, 1, 2, 3, 4].map((index) => `manifest of gated-node${index}`);
  expect(proof?.inputs.triggers).toEqual({ manifests: sha256(manifests.join()) });
  expect(proof?.inputs.cni).toEqual({
    configFile: "/etc/cni/net.d/10-podnet-gated.conflist",
    binaryDirectory: "/opt/cni/bin",
  });
});

test("how nodes are changed and removed is told to each of them, carefully unless it is said", async () => {
  await make("careful");
  await make("bold", { allowIrreversible: true, onUnreachable: "forget", adopt: true });
  const told = (network: string) =>
    of("NodeState")
      .filter(({ name }) => name.startsWith(`${network}-`))
      .map(({ inputs: { allowIrreversible, onUnreachable, adopt } }) => ({ allowIrreversible, onUnreachable, adopt }));
  expect(told("careful")).toEqual(Array(5).fill({}));
  expect(told("bold")).toEqual(Array(5).fill({ allowIrreversible: true, onUnreachable: "forget", adopt: true }));
});

test("batches wait for the proof of the one before, and not for each of its nodes", async () => {
  await make("rolled", { rollout: { batch: 2 } });
  expect(of("Verification").map(({ name }) => name)).toEqual(["rolled-batch-1", "rolled-batch-2", "rolled"]);
  expect(waitsFor("rolled-node2")).toContain("rolled-batch-1");
  expect(waitsFor("rolled-node4")).toContain("rolled-batch-2");
  expect(waitsFor("rolled-node4")?.filter((name) => /node\d$/.test(name ?? ""))).toEqual([]);
  expect(probed("rolled-batch-1")).toEqual(["node0", "node1"]);
  expect(of("Verification").at(-1)?.inputs.nodes).toHaveLength(5);
});

test("a batch is proven together with nodes of earlier ones, of every segment first", async () => {
  await make("single", { rollout: { batch: 1 } });
  expect(probed("single-batch-1")).toEqual(["node0"]);
  expect(probed("single-batch-2")).toEqual(["node1", "node0"]);
  expect(probed("single-batch-4")).toEqual(["node3", "node2", "node1", "node0"]);
  const segments = { a: { routers: ["198.18.0.1"] }, b: { routers: ["198.18.0.2"] } };
  const nodes = Array.from({ length: 8 }, (_, index) => [
    `node${index}`,
    { connection: { host: host(index) }, segment: index === 0 ? "a" : "b" },
  ]);
  const inventoried = Inventory.of({ segments, nodes: Object.fromEntries(nodes) });
  await make("racks", { nodes: inventoried, rollout: { batch: 3 } });
  expect(probed("racks-batch-2")).toEqual(["node3", "node4", "node5", "node2", "node0", "node1"]);
});

test("a key that is given as text is a secret in the state", async () => {
  await make("keyed", { nodes: inventory(1, { key: { secret: "BEGIN PRIVATE" } }) });
  // The value stands under the mark that the engine encrypts by, in each resource that needs it.
  const marked = /"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"BEGIN PRIVATE"/;
  for (const [type, name] of [
    ["NodeState", "keyed-node0"],
    ["Verification", "keyed"],
  ] as const)
    expect(JSON.stringify(request(type, name)?.getObject().toJavaScript())).toMatch(marked);
  expect(JSON.stringify(request("NetworkRecord", "keyed")?.getObject().toJavaScript())).not.toContain("BEGIN");
});

test("wrong settings make no resource at all", async () => {
  expect(
    () =>
      new BridgeNetwork("wrong", {
        nodes: inventory(2),
        podCidr: "198.18.0.0/16",
        bridge: "much-too-long-for-a-bridge",
      }),
  ).toThrow(/^BridgeNetwork "wrong": \d problems/);
  expect(registered.filter(({ type }) => type !== "BridgeNetwork")).toEqual([]);
});

test("a flat network with ranges written down plans no addresses", async () => {
  const nodes = Inventory.of({ nodes: { a: { connection: { host: "10.0.0.1" }, nic: "eth0" } } });
  const flat = { gateway: "10.0.0.254", ranges: { a: { start: "10.0.0.100", end: "10.0.0.199" } } };
  await make("plain", { nodes, shape: "flat", podCidr: "10.0.0.0/24", flat });
  expect(of("AddressPlan")).toEqual([]);
  expect(of("NodeState")[0]?.inputs.state).toMatchObject({ uplinks: [{ device: "eth0", bridge: "podnet0" }] });
});
