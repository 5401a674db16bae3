import * as kubernetes from "@pulumi/kubernetes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork, FlannelNetwork, type FlannelNetworkArgs, Inventory } from "../../../components";
import { program } from "../program";
import { recording } from "../recording";
import { rack } from "./read";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const nodes = Inventory.of(rack);

const flannel = (name: string, args: Partial<FlannelNetworkArgs>) => () =>
  new FlannelNetwork(name, { nodes, podCidr: "10.244.0.0/16", ...args });
const bridge = (name: string, podCidr: string) => () => new BridgeNetwork(name, { nodes, podCidr });

describe("flannel beside another network of the program", () => {
  test("cannot have its pod addresses; those of its own stand beside a bridge network", async () => {
    expect(
      await program(bridge("one", "10.244.0.0/16"), flannel("two", {}), flannel("three", { podCidr: "10.245.0.0/16" })),
    ).toEqual([
      "",
      expect.stringMatching(/: 1 problem\n✖ podCidr 10\.244\.0\.0\/16 overlaps .* of the network "one"/),
      "",
    ]);
  });

  test("and a second flannel on the same nodes share devices and the namespace", async () => {
    const [, second] = await program(flannel("one", {}), flannel("two", { podCidr: "10.245.0.0/16" }));
    expect(second).toContain(": 7 problems");
    expect(second).toContain('the device cni0 belongs to the network "one"');
    expect(second).toContain('the device flannel.1 belongs to the network "one"');
    expect(second).toContain('the namespace kube-flannel belongs to the network "one"');
    expect(second).toContain("say another backend.vni, or take the nodes out of one of the networks");
  });

  test("of a cluster that has one is refused, also where its nodes are not known", async () => {
    const [, second] = await program(flannel("one", {}), flannel("two", { nodes: undefined }));
    expect(second).toContain('the cluster\'s pod network belongs to the network "one"');
  });

  test("of another cluster, by its own provider, is the user's to judge", async () => {
    const other = () =>
      new FlannelNetwork(
        "two",
        { podCidr: "10.244.0.0/16" },
        { provider: new kubernetes.Provider("other", { kubeconfig: "{}" }) },
      );
    expect(await program(flannel("one", {}), other)).toEqual(["", ""]);
  });
});
