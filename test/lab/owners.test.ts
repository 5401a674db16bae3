import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeState, type NodeStateArgs } from "../../components";
import { type Bed, bed, failure } from "./bed";

let world: Bed;
let found: string;

/** NodeStates of one light node, by resource name. */
function states(wanted: Record<string, Partial<NodeStateArgs> & Pick<NodeStateArgs, "owner" | "state">>) {
  return async () => {
    const { connection } = world.inventory().nodes[0] ?? {};
    if (!connection) throw new Error("the lab has no node");
    for (const [name, args] of Object.entries(wanted))
      new NodeState(name, { node: "node1", connection, windowSeconds: 180, ...args });
  };
}

const shell = async (script: string) => (await world.lab.exec("node1", script)).stdout.trim();
const seen = async () => (await world.lab.snapshot("node1")).replaceAll(/^\/run\/podnet.*\n/gm, "");

beforeAll(async () => {
  world = await bed("owners", [{ name: "node1", segment: "b", kind: "light" }]);
  found = await seen();
});
afterAll(() => world?.end());

describe.sequential("two networks on one node", () => {
  const forwarding = { sysctls: { "net.ipv4.ip_forward": "1" } };
  const one = { owner: "one", state: { ...forwarding, routes: [{ to: "10.1.0.0/16", via: "" }] } };
  const two = { owner: "two", state: { ...forwarding, routes: [{ to: "10.2.0.0/16", via: "" }] } };
  const via = (args: typeof one) => {
    const routes = args.state.routes.map((route) => ({ ...route, via: world.lab.routers.b.ipv4 }));
    return { ...args, state: { ...args.state, routes } };
  };

  test("share what both want; the one that goes leaves it to the other", async () => {
    world.program.run = states({ one: via(one), two: via(two) });
    await world.stack.up();
    world.program.run = states({ two: via(two) });
    await world.stack.up();
    expect(await shell("cat /proc/sys/net/ipv4/ip_forward")).toBe("1");
    expect(await shell("ip route show proto 98")).toContain("10.2.0.0/16");
    expect(await shell("ip route show proto 98")).not.toContain("10.1.0.0/16");
  });

  test("may not want two things of one: the second is refused with the first one's name", async () => {
    const other = via(two);
    const route = { ...other.state.routes[0], to: "10.2.0.0/16", via: world.lab.routers.b.ipv4.replace(/\.1$/, ".9") };
    const third = { owner: "three", state: { routes: [route] } };
    world.program.run = states({ two: other, three: third });
    expect(await failure(world.stack.up())).toContain("route 10.2.0.0/16 table 254 metric 0 belongs to two");
    expect(await shell("ip route show 10.2.0.0/16")).toContain(world.lab.routers.b.ipv4);
  });

  test("the last one that goes leaves the node as it was found", async () => {
    await world.stack.destroy();
    expect(await seen()).toBe(found);
  });
});

describe.sequential("one network on one node", () => {
  test("stays when the inventory gives the node another name", async () => {
    const state = { sysctls: { "net.ipv4.ip_forward": "1" } };
    world.program.run = states({ before: { node: "node1", owner: "pods", state } });
    await world.stack.up();
    world.program.run = states({ after: { node: "renamed", owner: "pods", state } });
    await world.stack.up();
    expect(await shell("cat /proc/sys/net/ipv4/ip_forward; ls /var/lib/podnet")).toMatch(/^1\n[\s\S]*pods/);
    await world.stack.destroy();
    expect(await seen()).toBe(found);
  });

  test("may not take the way back to whoever changes it, by a route that looks harmless", async () => {
    const hop = world.lab.routers.b.ipv4.replace(/\.1$/, ".77");
    const operator = world.lab.routers.a.ipv4.replace(/\.\d+\.\d+$/, ".0.0/16");
    const state = { routes: [{ to: operator, via: hop }] };
    world.program.run = states({ wide: { owner: "pods", windowSeconds: 8, state } });
    expect(await failure(world.stack.up())).toContain("rolled back, node reachable");
    // What the node removes of an undone change goes after its lock, which is what the provider waits for.
    await expect.poll(seen, { timeout: 60_000 }).toBe(found);
  });
});
