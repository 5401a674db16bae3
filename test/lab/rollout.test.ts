import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork } from "../../components";
import { type Bed, bed, failure } from "./bed";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2", "node3", "node4"];
const configuration = "/etc/cni/net.d";

let world: Bed;
let found: string[];

/** All of each node but the record of an undone change, which /run keeps until the next one is committed. */
const snapshots = (some = names) =>
  Promise.all(some.map(async (name) => (await world.lab.snapshot(name)).replaceAll(/^\/run\/podnet.*\n/gm, "")));

/** SSH connections begun to each node while the work went on. */
async function connections(work: () => Promise<unknown>): Promise<number[]> {
  const before = await world.lab.sshConnections();
  await work();
  const after = await world.lab.sshConnections();
  return names.map((name) => (after.get(name) ?? 0) - (before.get(name) ?? 0));
}

beforeAll(async () => {
  world = await bed(
    "rollout",
    names.map((name) => ({ name, segment: "a" as const, kind: "light" as const })),
  );
  found = await snapshots();
});
afterAll(() => world?.end());

// One connection reads, applies and probes; one more confirms.
describe.sequential.each([
  { batch: 1, untouched: ["node3", "node4"], failed: [2, 1, 0, 0], repaired: [1, 2, 2, 2] },
  { batch: "50%", untouched: ["node3", "node4"], failed: [2, 1, 0, 0], repaired: [1, 2, 2, 2] },
])("a rollout in batches of $batch", ({ batch, untouched, failed, repaired }) => {
  test("stops after the batch in which a node fails, and opens no connection to later nodes", async () => {
    world.program.run = async () => {
      new BridgeNetwork("pods", {
        nodes: world.inventory(),
        podCidr: "10.244.0.0/16",
        rollout: { batch, windowSeconds: 180 },
      });
    };
    await world.lab.readOnly("node2", configuration);
    let message = "";
    const begun = await connections(async () => {
      message = await failure(world.stack.up());
    });
    expect(message).toContain("node2: a step failed and the change was undone");
    expect(message).toMatch(/10-podnet-pods\.conflist.*Read-only file system/);
    expect(begun).toEqual(failed);
    await world.lab.writable("node2", configuration);
    expect(await snapshots(["node2", ...untouched])).toEqual(found.slice(1));
    expect((await world.lab.exec("node1", `ls ${configuration}`)).stdout).toContain("10-podnet-pods.conflist");
  });

  test("goes on where it stopped, once the cause is gone", async () => {
    const begun = await connections(() => world.stack.up());
    expect(begun).toEqual(repaired);
    expect(await lostPairs(world.lab, names)).toEqual([]);
  });

  test("destroy leaves every node as it was found", async () => {
    await detachAll(world.lab, names);
    await world.stack.destroy();
    expect(await snapshots()).toEqual(found);
  });
});

test("a batch that earlier nodes cannot reach ends the rollout, though its own nodes reach each other", async () => {
  world.program.run = async () => {
    new BridgeNetwork("pods", { nodes: world.inventory(), podCidr: "10.244.0.0/16", rollout: { batch: 1 } });
  };
  // Each node alone is well; what node2's pod sends to node1's is lost.
  const chain = "add chain inet stranger forward { type filter hook forward priority 10; }";
  const rule = "add rule inet stranger forward ip protocol icmp drop";
  const filter = await world.lab.exec("node1", `nft 'add table inet stranger; ${chain}; ${rule}'`);
  expect(filter.code).toBe(0);
  let message = "";
  const begun = await connections(async () => {
    message = await failure(world.stack.up());
  });
  expect(message).toMatch(/node2 → node1: no answer over IPv4/);
  expect(begun.slice(2)).toEqual([0, 0]);
  expect(await snapshots(["node3", "node4"])).toEqual(found.slice(2));

  await world.lab.exec("node1", "nft delete table inet stranger");
  await world.stack.up();
  expect(await lostPairs(world.lab, names)).toEqual([]);
  await detachAll(world.lab, names);
  await world.stack.destroy();
  expect(await snapshots()).toEqual(found);
});
