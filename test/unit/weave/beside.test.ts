import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork, CanalNetwork, FlannelNetwork, Inventory, WeaveNetwork } from "../../../components";
import { program } from "../program";
import { recording } from "../recording";
import { rack } from "./read";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const nodes = Inventory.of(rack(2));
const weave =
  (name: string, podCidr = "10.32.0.0/12") =>
  () =>
    new WeaveNetwork(name, { nodes, podCidr });

describe("Weave beside another network of the program", () => {
  test.each([
    ["flannel", () => new FlannelNetwork("one", { nodes, podCidr: "10.244.0.0/16" })],
    ["Canal", () => new CanalNetwork("one", { nodes, podCidr: "10.244.0.0/16", crds: "present" })],
    ["a second Weave", weave("one", "10.128.0.0/12")],
  ])("is refused by name where %s attaches the cluster's pods", async (_, other) => {
    const [first, second] = await program(other, weave("two"));
    expect(first).toBe("");
    expect(second).toContain('the cluster\'s pod network belongs to the network "one", on node1, node2 too');
  });

  test("cannot have a bridge network's addresses, and stands beside one with its own", async () => {
    const bridge = () => new BridgeNetwork("one", { nodes, podCidr: "10.40.0.0/16" });
    expect(await program(bridge, weave("two"), weave("three", "10.128.0.0/12"))).toEqual([
      "",
      expect.stringContaining("podCidr 10.32.0.0/12 overlaps 10.40.0.0/16"),
      "",
    ]);
  });
});
