import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork } from "../../components";
import { type Bed, bed } from "./bed";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2"];
let world: Bed;
let found: Map<string, string>;

beforeAll(async () => {
  world = await bed(
    "flat",
    names.map((name) => ({ name, segment: "a" as const, kind: "full" as const })),
  );
  found = new Map();
  for (const name of names) found.set(name, await world.lab.snapshot(name));
  const { ipv4 } = world.lab.routers.a;
  const base = ipv4.replace(/\.1$/, "");
  world.program.run = async () => {
    new BridgeNetwork("pods", {
      shape: "flat",
      nodes: world.inventory(),
      podCidr: `${base}.0/22`,
      serviceCidr: "10.96.0.0/12",
      bridge: "br0",
      flat: { gateway: ipv4, pool: `${base.replace(/\.(\d+)$/, (_, third) => `.${Number(third) + 1}`)}.0/24` },
      rollout: { windowSeconds: 180 },
    });
  };
});
afterAll(() => world?.end());

describe.sequential("a flat bridge network: the only NIC becomes a port of the bridge", () => {
  test("up moves the NIC under the connection that goes through it", async () => {
    await world.stack.up();
    for (const { name, addresses } of world.lab.nodes) {
      const { stdout } = await world.lab.exec(
        name,
        "ip -br addr show br0; ip -br addr show eth0; ip route show default",
      );
      expect(stdout).toMatch(new RegExp(`^br0 .*${addresses.ipv4}/`, "m"));
      expect(stdout).not.toMatch(new RegExp(`^eth0.*${addresses.ipv4}/`, "m"));
      expect(stdout).toMatch(/^default via .* dev br0/m);
    }
  });

  test("pods are in the physical network: they reach each other, the nodes and the router", async () => {
    expect(await lostPairs(world.lab, names)).toEqual([]);
    const others = [world.lab.routers.a.ipv4, world.lab.nodes[1]?.addresses.ipv4];
    for (const address of others)
      expect((await world.lab.inPod("node1", "pod", `ping -c 2 -W 2 ${address}`)).code).toBe(0);
  });

  test.each(names)("after a reboot of %s it is reachable by its bridge, and its pods are too", async (name) => {
    await world.lab.reboot(name);
    await world.lab.waitForSsh(name);
    const { stdout } = await world.lab.exec(name, "ip route show default");
    expect(stdout).toContain("dev br0");
    expect(await lostPairs(world.lab, names)).toEqual([]);
  });

  test("destroy gives the NIC its address and routes back", async () => {
    await detachAll(world.lab, names);
    await world.stack.destroy();
    for (const name of names) expect(await world.lab.snapshot(name)).toBe(found.get(name));
  });
});
