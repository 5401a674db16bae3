import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork, CanalNetwork, type CanalNetworkArgs, FlannelNetwork, Inventory } from "../../../components";
import { twoSegments } from "../calico/read";
import { program } from "../program";
import { recording } from "../recording";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const nodes = Inventory.of(twoSegments);
const canal =
  (name: string, args: Partial<CanalNetworkArgs> = {}) =>
  () =>
    new CanalNetwork(name, { crds: "present", nodes, podCidr: "10.244.0.0/16", ...args });

describe("Canal beside another network of the program", () => {
  test("cannot have its pod addresses; those of its own stand beside a bridge network", async () => {
    const bridge = () => new BridgeNetwork("one", { nodes, podCidr: "10.244.0.0/16", vxlan: { vni: 7 } });
    expect(await program(bridge, canal("two"), canal("three", { podCidr: "10.245.0.0/16" }))).toEqual([
      "",
      expect.stringMatching(/: 1 problem\n✖ podCidr 10\.244\.0\.0\/16 overlaps .* of the network "one"/),
      "",
    ]);
  });

  test("shares flannel's device and notes with a flannel on the same nodes", async () => {
    const flannel = () => new FlannelNetwork("one", { nodes, podCidr: "10.245.0.0/16" });
    const [, second] = await program(flannel, canal("two"));
    expect(second).toContain('the device flannel.1 belongs to the network "one"');
    expect(second).toContain('what flannel notes on the Node belongs to the network "one"');
  });

  test("and a second Canal share Calico's interfaces, whatever the backends are", async () => {
    const [, second] = await program(
      canal("one"),
      canal("two", { podCidr: "10.245.0.0/16", backend: { type: "vxlan", vni: 2, port: 8473 } }),
    );
    expect(second).toContain('the name cali* of devices belongs to the network "one"');
  });

  test("of a cluster that has one is refused, also where its nodes are not known", async () => {
    const [, second] = await program(canal("one"), canal("two", { nodes: undefined }));
    expect(second).toContain('the cluster\'s pod network belongs to the network "one"');
  });
});
