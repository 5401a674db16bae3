import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork, CalicoNetwork, Inventory, RomanaNetwork, WeaveNetwork } from "../../../components";
import { program } from "../program";
import { recording } from "../recording";
import { rack } from "./read";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const nodes = Inventory.of(rack);
const romana =
  (name: string, podCidr = "10.112.0.0/12") =>
  () =>
    new RomanaNetwork(name, { legacy: true, nodes, podCidr });

describe("Romana beside another network of the program", () => {
  test("is refused by name where Weave attaches the cluster's pods", async () => {
    const weave = () => new WeaveNetwork("one", { nodes, podCidr: "10.32.0.0/12" });
    const [, second] = await program(weave, romana("two"));
    expect(second).toContain('the cluster\'s pod network belongs to the network "one"');
  });

  test("cannot have a bridge network's addresses", async () => {
    const bridge = () => new BridgeNetwork("one", { nodes, podCidr: "10.113.0.0/16" });
    expect((await program(bridge, romana("two")))[1]).toContain("podCidr 10.112.0.0/12 overlaps 10.113.0.0/16");
  });

  test("has Calico beside it for policy alone", async () => {
    const policy = () =>
      new CalicoNetwork("policy", { install: "policy-only", crds: "present", podCidr: "10.112.0.0/12", nodes });
    expect(await program(romana("pods"), policy)).toEqual(["", ""]);
  });
});
