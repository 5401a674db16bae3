import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BridgeNetwork, Inventory, type InventoryInput } from "../../components";
import type { SlowPath } from "../../lab/delay";
import { type Bed, bed } from "./bed";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2", "node3", "node4"];
const joined = names.slice(0, 3);
const milliseconds = 150;

let world: Bed;
let far: SlowPath;
let found: string[];
let log: string;

const snapshots = () => Promise.all(names.map((name) => world.lab.snapshot(name)));

/** The lab's inventory; node3 is reached by a path that takes its time. */
function inventory(only: string[]): Inventory {
  const document: InventoryInput = parse(readFileSync(world.lab.inventoryFile, "utf8"));
  const node3 = document.nodes.node3 as InventoryInput["nodes"][string];
  const known = readFileSync(world.lab.knownHostsFile, "utf8");
  const host = world.lab.nodes.find(({ name }) => name === "node3")?.addresses.ipv4 as string;
  const pinned = known
    .split("\n")
    .find((line) => line.split(" ")[0]?.split(",").includes(host))
    ?.split(" ")
    .slice(1)
    .join(" ") as string;
  document.nodes.node3 = {
    ...node3,
    addresses: Object.values(world.lab.nodes[2]?.addresses ?? {}),
    connection: { ...node3.connection, host: far.host, port: far.port, hostKey: { pinned } },
  };
  return Inventory.of(document).only(only);
}

const network = (only: string[]) => async () => {
  new BridgeNetwork("pods", { nodes: inventory(only), podCidr: "10.244.0.0/16" });
};

beforeAll(async () => {
  world = await bed(
    "growth",
    names.map((name) => ({ name, segment: "a" as const, kind: "light" as const })),
  );
  far = await world.lab.slow("node3", milliseconds);
  found = await snapshots();
  log = join(world.lab.folder, "steps.jsonl");
});
afterAll(async () => {
  far?.close();
  await world?.end();
});

const routes = () =>
  Promise.all(joined.map(async (name) => (await world.lab.exec(name, "ip route; ip -6 route")).stdout.split("\n")));

describe.sequential("a network that grows by a node, one of whose nodes is far away", () => {
  test("is made over a path of a third of a second there and back", async () => {
    world.program.run = network(joined);
    await world.stack.up();
    expect(await lostPairs(world.lab, joined)).toEqual([]);
  });

  // A terminal has one line a node; a log has it again once the provider has said what the change is.
  test("a preview tells each of the others in one line, however many routes there are", async () => {
    world.program.run = network(names);
    const { stdout } = await world.stack.preview();
    const lines = stdout.split("\n").filter((line) => line.includes("NodeState"));
    for (const name of joined)
      expect(lines.filter((line) => line.includes(`pods-${name} `)).map((line) => line.split(" pods-")[1])).toEqual([
        `${name} update [diff: ~state]`,
        `${name} update [diff: ~state]; +1 route`,
      ]);
    expect(lines).toHaveLength(2 * names.length);
  });

  test("each of the others gets exactly one route, by one connection and one exec", async () => {
    const [before, connections] = [await routes(), await world.lab.sshConnections()];
    world.stack.workspace.envVars.PODNET_LOG = log;
    await world.stack.up();
    delete world.stack.workspace.envVars.PODNET_LOG;
    const after = await routes();
    after.forEach((lines, index) => {
      const had = before[index] ?? [];
      expect(had.filter((line) => !lines.includes(line))).toEqual([]);
      expect(lines.filter((line) => !had.includes(line))).toEqual([expect.stringMatching(/^10\.244\.3\.0\/24 via /)]);
    });
    const now = await world.lab.sshConnections();
    expect(joined.map((name) => (now.get(name) ?? 0) - (connections.get(name) ?? 0))).toEqual([1, 1, 1]);
    const steps = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { node?: string; host: string; step: string });
    for (const name of joined) {
      // The proof that follows has scripts of its own.
      const end = steps.findIndex(({ node, step }) => node === name && step === "update");
      const host = steps[end]?.host;
      const own = steps.slice(0, end + 1).filter((line) => line.host === host);
      expect(own.map(({ step }) => step)).toEqual(["connect", "exec", "amend", "update"]);
    }
    expect(await lostPairs(world.lab, names)).toEqual([]);
  });

  test("a state file that lies about what is podnet's on a node has nothing of others taken away by destroy", async () => {
    await detachAll(world.lab, names);
    const exported = await world.stack.exportStack();
    const resources = exported.deployment.resources as { type: string; inputs?: { state: Record<string, unknown> } }[];
    for (const { type, inputs } of resources) {
      if (type !== "podnet:index:NodeState" || !inputs) continue;
      inputs.state.files = [{ path: "/etc/hostname", content: "made by podnet, says the state" }];
      inputs.state.routes = [{ to: "default", via: world.lab.routers.a.ipv4 }];
      inputs.state.links = [];
    }
    await world.stack.importStack(exported);
    await world.stack.destroy();
    expect(await snapshots()).toEqual(found);
  });
});
