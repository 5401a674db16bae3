import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BridgeNetwork, Inventory, type InventoryInput, type RouterRoute } from "../../components";
import { type Bed, bed, failure } from "./bed";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2", "node3"] as const;

let world: Bed;
let found: string[];
let routes: RouterRoute[];

function network(nodes: Inventory, podCidr = ["10.244.0.0/16", "fd00:10:244::/48"]) {
  return async () => {
    const pods = new BridgeNetwork("pods", {
      nodes,
      podCidr,
      serviceCidr: "10.96.0.0/12",
      crossSegment: "router",
      rollout: { windowSeconds: 180 },
    });
    pods.routerRoutes.apply((known) => {
      routes = known;
    });
  };
}

function document(): InventoryInput {
  return parse(readFileSync(world.lab.inventoryFile, "utf8"));
}

const snapshots = () => Promise.all(names.map((name) => world.lab.snapshot(name)));

beforeAll(async () => {
  world = await bed("segments", [
    { name: "node1", segment: "a", kind: "full" },
    { name: "node2", segment: "a", kind: "light" },
    { name: "node3", segment: "b", kind: "full" },
  ]);
  found = await snapshots();
});
afterAll(() => world?.end());

describe.sequential("a routed bridge network over two segments, by their router", () => {
  test("an inventory that takes both segments for one is refused by the nodes, and none is touched", async () => {
    const { defaults, nodes } = document();
    const flat = Object.entries(nodes).map(([name, { segment: _segment, ...node }]) => [name, node]);
    world.program.run = network(Inventory.of({ ...(defaults && { defaults }), nodes: Object.fromEntries(flat) }));
    const message = await failure(world.stack.up());
    expect(message).toContain("nothing was changed");
    expect(message).toMatch(/next hop \S+ \(for \d routes?, 10\.244\.\S+\) is not on-link: the node has 198\.\S+/);
    expect(message).toContain("Use a router of the node's own segment, or vxlan between segments");
    expect(await snapshots()).toEqual(found);
    await world.stack.destroy();
  });

  test("a router of another segment is refused at preview, without a connection", async () => {
    const { segments, ...rest } = document();
    const wrong = { ...segments, a: { ...segments?.a, routers: [world.lab.routers.b.ipv4] } };
    const before = await world.lab.sshConnections();
    world.program.run = async () => network(Inventory.of({ ...rest, segments: wrong }))();
    const message = await failure(world.stack.preview());
    expect(message).toContain(`the router ${world.lab.routers.b.ipv4} of segment a is in none of its subnets`);
    expect(await world.lab.sshConnections()).toEqual(before);
  });

  test("a preview tells the routes that the router needs", async () => {
    world.program.run = network(world.inventory());
    await world.stack.preview();
    const node3 = world.lab.nodes[2]?.addresses;
    expect(routes).toHaveLength(6);
    expect(routes).toContainEqual({ segment: "b", to: "10.244.2.0/24", via: node3?.ipv4 });
    expect(routes).toContainEqual({ segment: "b", to: "fd00:10:244:2::/64", via: node3?.ipv6 });
  });

  test("up without them fails, and names the pairs that the router parts", async () => {
    const message = await failure(world.stack.up());
    expect(message).toMatch(/node1 → node3: no answer over IPv4/);
    expect(message).not.toMatch(/node1 → node2:/);
  });

  // The way over the router is the same in both directions. The setting ends with a reboot.
  test("up with them passes, and every pod reaches every other, with strict reverse path filtering too", async () => {
    for (const name of ["node1", "node3"])
      await world.lab.exec(name, "for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 1 > $file; done");
    const added = await world.lab.execRouter(
      routes.map(({ to, via }) => `ip route replace ${to} via ${via}`).join("\n"),
    );
    expect(added).toMatchObject({ code: 0 });
    await world.stack.up();
    expect(await lostPairs(world.lab, names)).toEqual([]);
  });

  test("a node has one route for all pods behind the router", async () => {
    const { stdout } = await world.lab.exec("node1", "ip route show 10.244.0.0/16; ip route");
    expect(stdout).toMatch(new RegExp(`^10\\.244\\.0\\.0/16 via ${world.lab.routers.a.ipv4} `, "m"));
    expect(stdout).not.toContain("10.244.2.0/24");
  });

  test.each(["node1", "node3"])("after a reboot of %s every pod reaches every other again", async (name) => {
    await world.lab.reboot(name);
    await world.lab.waitForSsh(name);
    expect(await lostPairs(world.lab, names)).toEqual([]);
  });

  test("another podCidr is refused at preview with the way round, without a connection", async () => {
    const before = await world.lab.sshConnections();
    world.program.run = network(world.inventory(), ["10.200.0.0/16", "fd00:10:244::/48"]);
    const message = await failure(world.stack.preview());
    expect(message).toContain("running pods have addresses in 10.244.0.0/16");
    expect(message).toContain("make a second network");
    expect(await world.lab.sshConnections()).toEqual(before);
  });

  test("destroy leaves every node as it was found", async () => {
    await detachAll(world.lab, names);
    await world.stack.destroy();
    expect(await snapshots()).toEqual(found);
  });
});
