import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BridgeNetwork, Inventory } from "../../../components";
import { allocate, type PlanRequest } from "../../../components/addresses/plan";
import { matrix } from "../../../components/verification/matrix";
import type { VerificationSettings } from "../../../components/verification/settings";
import type { Context, Properties } from "../../../provider/resource";
import { resources } from "../../../provider/resources";

/** A registration, as much of it as the engine keeps. */
interface Request {
  getType(): string;
  getName(): string;
  toObject(): {
    parent: string;
    dependenciesList: string[];
    propertydependenciesMap: [string, { urnsList: string[] }][];
  };
}

interface Kept {
  type: string;
  name: string;
  inputs: Properties;
  outputs: Properties;
  rest: unknown;
}

let requests: Request[] = [];
let made: { token: string; name: string; inputs: Properties }[] = [];

beforeAll(async () => {
  // Pulumi takes a stack for each promise, and the test runner translates every frame of it to its source line.
  Reflect.deleteProperty(Error, "prepareStackTrace");
  Error.stackTraceLimit = 0;
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource({ type, name, inputs }) {
      made.push({ token: type, name, inputs });
      return { id: `${name}/pods`, state: outputsOf(type, inputs) };
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
afterAll(() => pulumi.runtime.disconnect());

const hash = "a".repeat(64);
const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;

/** What the provider answers; a node's answer is always of this size. */
function outputsOf(type: string, inputs: Properties): Properties {
  switch (type.split(":").at(-1)) {
    case "AddressPlan":
      return { subnets: allocate(undefined, inputs as unknown as PlanRequest) };
    case "NodeState":
      return { node: inputs.node, owner: inputs.owner, manifest: hash, hostKey };
    case "Verification": {
      const settings = inputs as unknown as VerificationSettings;
      const nodes = settings.nodes.map(({ name }) => name);
      return {
        passed: true,
        matrix: matrix({ nodes, probes: [], unprobed: [], complaints: [], network: settings.network }, settings),
      };
    }
    default:
      return inputs;
  }
}

/** What the engine keeps of a network of so many nodes in two segments. */
async function kept(count: number, dual = false): Promise<Kept[]> {
  [requests, made] = [[], []];
  const host = (index: number) => `198.18.${Math.floor(index / 250)}.${(index % 250) + 2}`;
  const nodes = Array.from({ length: count }, (_, index) => [
    `node${index + 1}`,
    {
      connection: { host: host(index) },
      addresses: dual ? [host(index), `fd98::${(index + 2).toString(16)}`] : [host(index)],
      nic: "eth0",
      segment: index < count / 2 ? "a" : "b",
    },
  ]);
  const segments = { a: { routers: ["198.18.255.1"] }, b: { routers: ["198.18.255.2"] } };
  const connection = { key: { file: "~/.ssh/id_ed25519" }, hostKey: { knownHosts: "~/.ssh/known_hosts" } };
  const network = new BridgeNetwork(`${dual ? "dual" : "pods"}${count}`, {
    nodes: Inventory.of({ defaults: { connection }, segments, nodes: Object.fromEntries(nodes) }),
    podCidr: dual ? ["10.240.0.0/12", "fd00:10:240::/48"] : "10.240.0.0/12",
    serviceCidr: "10.96.0.0/12",
    crossSegment: "vxlan",
    rollout: { batch: "10%" },
  });
  await new Promise((resolve) => network.verification.urn.apply(resolve));
  return made
    .filter(({ token }) => resources[token])
    .map(({ token, name, inputs }) => {
      const checked = resources[token]?.check(undefined, inputs, {} as Context);
      expect(checked?.failures).toEqual([]);
      const registered = requests.find((one) => one.getName() === name && one.getType() === token)?.toObject();
      return {
        type: token.split(":").at(-1) as string,
        name,
        inputs: checked?.inputs ?? {},
        outputs: outputsOf(token, inputs),
        rest: {
          urn: `urn:pulumi:production::network::podnet:index:BridgeNetwork$${token}::${name}`,
          custom: true,
          type: token,
          parent: registered?.parent,
          provider: `urn:pulumi:production::network::pulumi:providers:podnet::default::${hash.slice(0, 36)}`,
          dependencies: registered?.dependenciesList,
          propertyDependencies: Object.fromEntries(
            (registered?.propertydependenciesMap ?? []).map(([property, { urnsList }]) => [property, urnsList]),
          ),
          ...frame,
          stackTrace,
          created: "2026-01-01T00:00:00.000000000Z",
          modified: "2026-01-01T00:00:00.000000000Z",
        },
      };
    });
}

/** What the engine keeps of the way to a constructor: lines of podnet and of a program, and Node's own without a name. */
const frame = { sourcePosition: "project:///node_modules/podnet/dist/components/bridge/index.js#124,21" };
const stackTrace = [...Array(4).fill(frame), ...Array(8).fill({})];

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

test("what is kept of a node does not grow with the network, and the whole grows no faster than it", async () => {
  const [few, many] = [await kept(100), await kept(400)];
  const nodes = (all: Kept[]) => all.filter(({ type }) => type === "NodeState").map(bytes);
  expect([nodes(few).length, nodes(many).length]).toEqual([100, 400]);
  // Addresses and counts have a digit more here and there; one more route for each node would be 30,000 bytes.
  expect(Math.max(...nodes(many)) - Math.max(...nodes(few))).toBeLessThan(200);
  expect(bytes(many) / 400).toBeLessThan((bytes(few) / 100) * 1.05);
}, 120_000);

test("a thousand nodes in two segments take less than 5 MB of state", async () => {
  expect(bytes(await kept(1000))).toBeLessThan(5_000_000);
  // Some seconds of processor time, which others may want too.
}, 120_000);

test("a second address family takes less than 1,250 bytes a node", async () => {
  const [single, dual] = [await kept(100), await kept(100, true)];
  expect(bytes(dual) - bytes(single)).toBeLessThan(125_000);
});
