import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork } from "../../components";
import { type Bed, bed, failure } from "./bed";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2"];

let world: Bed;
let stack: Stack;
let found: string[];

/** All of each node but the number that host-local counts on from. */
const snapshots = () =>
  Promise.all(names.map(async (name) => (await world.lab.snapshot(name)).replaceAll(/^.*last_reserved_ip.*\n/gm, "")));

function importId(node: string, owner = "pods"): string {
  const { lab } = world;
  const host = lab.nodes.find(({ name }) => name === node)?.addresses.ipv4;
  return `ssh://root@${host}/${owner}?key=${lab.privateKeyFile}&knownHosts=${lab.knownHostsFile}`;
}

beforeAll(async () => {
  world = await bed(
    "import",
    names.map((name) => ({ name, segment: "a" as const, kind: "light" as const })),
  );
  found = await snapshots();
  const network = (only?: string[]) => async () => {
    new BridgeNetwork("pods", {
      nodes: world.inventory(only),
      podCidr: ["10.244.0.0/16", "fd00:10:244::/48"],
      rollout: { windowSeconds: 180 },
    });
  };
  // The node with the higher address came first, and has the first subnet.
  world.program.run = network(["node2"]);
  await world.stack.up();
  world.program.run = network();
  await world.stack.up();
  const { workspace, name } = world.stack;
  await workspace.removeStack(name, { force: true });
  stack = await Stack.create(name, workspace);
});
afterAll(() => world?.end());

describe.sequential("a stack whose state is lost", () => {
  test("says which node knows nothing of an owner", async () => {
    const resources = [{ type: "podnet:index:NodeState", name: "other", id: importId("node1", "other") }];
    const message = await failure(stack.import({ resources, protect: false, generateCode: false }));
    expect(message).toContain("podnet keeps nothing for the owner other on this node");
  });

  test("gets its nodes back by import, and the same program changes nothing on them", async () => {
    const before = await snapshots();
    const command = join(__dirname, "../../dist/commands/podnet.js");
    const words = [command, "import", "pods", "--inventory", world.lab.inventoryFile];
    const { resources } = JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" }));
    await stack.import({ resources, protect: false, generateCode: false });
    const events: string[] = [];
    await stack.preview({
      onEvent: ({ resourcePreEvent }) => {
        const { urn = "", op = "" } = resourcePreEvent?.metadata ?? {};
        if (urn.includes("NodeState")) events.push(`${urn.split("::").at(-1)} ${op}`);
      },
    });
    expect(events.sort()).toEqual(names.map((name) => `pods-${name} same`));
    const kept = JSON.stringify(await stack.exportStack());
    expect(kept).toContain('"node1":["10.244.1.0/24","fd00:10:244:1::/64"]');
    await stack.up();
    expect(await snapshots()).toEqual(before);
  });

  test("is whole again: a change by hand is found and repaired, and destroy leaves the nodes as they were", async () => {
    await world.lab.exec("node1", "ip route del 10.244.0.0/24");
    const refreshed = await stack.refresh();
    expect(refreshed.stdout).toContain("route 10.244.0.0/24");
    await stack.up();
    expect(await lostPairs(world.lab, names)).toEqual([]);
    await detachAll(world.lab, names);
    await stack.destroy();
    expect(await snapshots()).toEqual(found);
  });
});
