import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork } from "../../components";
import { type Bed, bed, failure } from "./bed";
import { detachAll, lostPairs } from "./pods";

const names = ["node1", "node2"];

/** What Docker and ufw leave on a node: a policy that drops, and chains of their own. */
const dropping = ["iptables", "ip6tables"]
  .map(
    (program) => `${program} -P FORWARD DROP
${program} -N DOCKER-USER && ${program} -A FORWARD -j DOCKER-USER && ${program} -A DOCKER-USER -j RETURN
${program} -A FORWARD -i docker0 -j ACCEPT`,
  )
  .join("\n");

let world: Bed;
let found: string[];

const look = (name: string) => world.lab.exec(name, "iptables -S; ip6tables -S");
const snapshots = async () =>
  Promise.all(names.map(async (name) => (await world.lab.snapshot(name)) + (await look(name)).stdout));

beforeAll(async () => {
  world = await bed(
    "forward",
    names.map((name) => ({ name, segment: "a" as const, kind: "light" as const })),
  );
  for (const name of names) expect(await world.lab.exec(name, `set -e\n${dropping}`)).toMatchObject({ code: 0 });
  found = await snapshots();
  world.program.run = async () => {
    new BridgeNetwork("pods", {
      nodes: world.inventory(),
      podCidr: ["10.244.0.0/16", "fd00:10:244::/48"],
      rollout: { windowSeconds: 180 },
    });
  };
});
afterAll(() => world?.end());

describe.sequential("nodes that drop what they forward", () => {
  test("a chain of nftables that drops is refused by its name, and the node is left as it is", async () => {
    const table = "table inet site { chain passing { type filter hook forward priority 10; policy drop; }; }";
    expect(await world.lab.exec("node2", `nft '${table}'`)).toMatchObject({ code: 0 });
    const before = await world.lab.snapshot("node2");
    const message = await failure(world.stack.up());
    expect(message).toContain("node2: nothing was changed:\n");
    expect(message).toContain('the nftables chain "inet site passing" drops what it does not accept');
    expect(await world.lab.snapshot("node2")).toBe(before);
    await world.lab.exec("node2", "nft delete table inet site");
  });

  test("by Docker's or ufw's policy: pods reach each other all the same", async () => {
    await world.stack.up();
    expect(await lostPairs(world.lab, names)).toEqual([]);
    for (const name of names) expect((await look(name)).stdout.match(/^-P FORWARD DROP$/gm)).toHaveLength(2);
  });

  test("destroy leaves policy and rules as they were", async () => {
    await detachAll(world.lab, names);
    await world.stack.destroy();
    expect(await snapshots()).toEqual(found);
  });
});
