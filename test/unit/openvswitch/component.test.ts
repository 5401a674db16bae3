import { afterAll, beforeAll, expect, test } from "vitest";
import { Inventory, OpenVSwitch, UserError } from "../../../components";
import { program } from "../program";
import { recording } from "../recording";
import { rack } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

test("settings are agreed first, then each node is changed, as many at a time as are wanted", async () => {
  const fabric = new OpenVSwitch("fabric", {
    nodes: Inventory.of(rack),
    bridges: { br0: { tunnels: { vx: { protocol: "vxlan" }, gn: { protocol: "geneve" } }, spanningTree: "rstp" } },
    rollout: { batch: 1 },
  });
  await Promise.all(fabric.states.map(({ urn }) => engine.resolved(urn)));
  expect(engine.of("NodeState", "fabric").map(({ name }) => name)).toEqual([
    "fabric-node1",
    "fabric-node2",
    "fabric-node3",
  ]);
  expect(engine.waitsFor("fabric-node1")).toContain("fabric");
  expect(engine.waitsFor("fabric-node2")).toContain("fabric-node1");
  expect(fabric.ports.map(({ protocol, port }) => `${protocol} ${port}`)).toEqual(["udp 4789", "udp 6081"]);
});

test("wrong settings make no resource at all", () => {
  const bridges = { br0: { tunnels: { t: { protocol: "stt" } } } } as const;
  expect(() => new OpenVSwitch("wrong", { nodes: Inventory.of(rack), bridges })).toThrow(UserError);
  expect(engine.of("NodeState", "wrong")).toEqual([]);
});

test("two of them on one node have no device in common", async () => {
  const make = (name: string, bridge: string) => () =>
    new OpenVSwitch(name, { nodes: Inventory.of(rack), bridges: { [bridge]: {} } });
  const refused = await program(make("one", "br0"), make("two", "br0"), make("three", "br3"));
  expect(refused.map((text) => text.includes('the device br0 belongs to the network "one"'))).toEqual([
    false,
    true,
    false,
  ]);
});
