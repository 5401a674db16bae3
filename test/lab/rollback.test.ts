import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeState, type NodeStateArgs } from "../../components";
import { type Bed, bed, failure } from "./bed";

let world: Bed;
let found: string;

function state(args: Partial<NodeStateArgs>) {
  return async () => {
    const { connection } = world.inventory().nodes[0] ?? {};
    if (!connection) throw new Error("the lab has no node");
    new NodeState("node1", { node: "node1", owner: "test", connection, state: {}, windowSeconds: 8, ...args });
  };
}

/** Everything of the node but the record of the undone change, which /run keeps until the next boot. */
async function seen(): Promise<string> {
  const snapshot = await world.lab.snapshot("node1");
  return snapshot.replaceAll(/^\/run\/podnet.*\n/gm, "");
}

/** What the node removes of an undone change goes after its lock, which is what the provider waits for. */
const isAsFound = () => expect.poll(seen, { timeout: 60_000 }).toBe(found);

beforeAll(async () => {
  world = await bed("rollback", [{ name: "node1", segment: "b", kind: "full" }]);
  found = await seen();
});
afterAll(() => world?.end());

describe.sequential("a change that cuts the node off", () => {
  const wrongGateway = () => world.lab.routers.b.ipv4.replace(/\.1$/, ".77");

  test("by a wrong default gateway is undone by the node itself, and up fails with that sentence", async () => {
    world.program.run = state({ state: { routes: [{ to: "default", via: wrongGateway() }] }, adopt: true });
    const message = await failure(world.stack.up());
    expect(message).toContain("rolled back, node reachable");
    await isAsFound();
  });

  test("by taking its NIC down is undone as well, while no provider could reach it", async () => {
    world.program.run = state({ state: { links: [{ type: "device", name: "eth0", up: false }] } });
    expect(await failure(world.stack.up())).toContain("rolled back, node reachable");
    await isAsFound();
  });

  test("is undone by the boot when the node is reset while the change is pending", async () => {
    world.program.run = state({
      windowSeconds: 180,
      state: {
        files: [{ path: "/etc/sysctl.d/99-test.conf", content: "# test\n" }],
        routes: [{ to: "default", via: wrongGateway() }],
      },
      adopt: true,
    });
    const run = failure(world.stack.up());
    await expect
      .poll(() => world.lab.exec("node1", "ls /etc/sysctl.d"), { timeout: 300_000 })
      .toMatchObject({
        stdout: expect.stringContaining("99-test.conf"),
      });
    await world.lab.reboot("node1", { hard: true });
    await world.lab.waitForSsh("node1");
    expect(await run).toContain("rolled back, node reachable");
    await isAsFound();
  });

  test("is not made when a step fails: what was done is undone at once", async () => {
    world.program.run = state({
      windowSeconds: 180,
      state: {
        files: [{ path: "/etc/sysctl.d/99-test.conf", content: "# test\n" }],
        sysctls: { "net.ipv4.conf.nosuch0.forwarding": "1" },
      },
    });
    expect(await failure(world.stack.up())).toContain("a step failed and the change was undone");
    expect(await seen()).toBe(found);
  });

  test("is made by the next run when another run's change is in the way, once that has ended", async () => {
    const pending = "/var/lib/podnet/pending";
    const script = `mkdir -p ${pending}; cat /proc/sys/kernel/random/boot_id > ${pending}/boot; echo other > ${pending}/owner
      echo 0123 > ${pending}/token; echo $(($(cut -d. -f1 /proc/uptime) + 1200)) > ${pending}/deadline`;
    world.program.run = state({ windowSeconds: 180, state: { sysctls: { "net.ipv4.ip_forward": "1" } } });
    await world.lab.exec("node1", script);
    const told: string[] = [];
    const run = world.stack.up({ onOutput: (text) => told.push(text) });
    await expect.poll(() => told.join(""), { timeout: 300_000 }).toContain("waits for the change of other");
    // As one step: the run begins its own change there as soon as this one is gone.
    await world.lab.exec("node1", "mv /var/lib/podnet /var/lib/ended && rm -r /var/lib/ended");
    await run;
    expect((await world.lab.exec("node1", "cat /proc/sys/net/ipv4/ip_forward")).stdout.trim()).toBe("1");
  });

  test("is no failure of the boot where somebody brought it to its end, and took podnet off, before the boot came to it", async () => {
    const script = `mv /var/lib/podnet /var/lib/away; systemctl restart podnet.service 2>&1; systemctl is-failed podnet.service
      mv /var/lib/away /var/lib/podnet`;
    expect((await world.lab.exec("node1", script)).stdout).toBe("inactive\n");
    await world.stack.destroy();
    expect(await seen()).toBe(found);
  });
});
