import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork, type BridgeNetworkArgs, Inventory } from "../../../components";
import { recording } from "../recording";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

function inventory(count: number): Inventory {
  const nodes = Array.from({ length: count }, (_, index) => [
    `node${index}`,
    { connection: { host: `198.18.0.${index + 11}` } },
  ]);
  return Inventory.of({ nodes: Object.fromEntries(nodes) });
}

describe("two networks of one program", () => {
  const second = { podCidr: "10.245.0.0/16", bridge: "podnet1" };

  /** Why each network was refused, "" where it was made. As the engine runs a program: its networks end with it. */
  async function program(...networks: [string, Partial<BridgeNetworkArgs>][]): Promise<string[]> {
    let refused: string[] = [];
    await pulumi.runtime.runInPulumiStack(async () => {
      refused = networks.map(([name, args]) => {
        try {
          new BridgeNetwork(name, { nodes: inventory(5), podCidr: "10.244.0.0/16", ...args });
          return "";
        } catch (error) {
          return (error as Error).message;
        }
      });
    });
    return refused;
  }

  test("on the same nodes cannot have the same pod addresses, device or name", async () => {
    expect(
      await program(
        ["one", {}],
        ["two", { ...second, podCidr: "10.244.8.0/21", nodes: inventory(2) }],
        ["two", { ...second, bridge: "podnet0" }],
        ["one", second],
        ["two", second],
        ["three", { podCidr: "10.245.0.0/17", bridge: "podnet2" }],
      ),
    ).toEqual([
      "",
      expect.stringMatching(
        /: 1 problem\n✖ podCidr 10\.244\.8\.0\/21 overlaps 10\.244\.0\.0\/16 of the network "one", on node0, node1 too/,
      ),
      expect.stringMatching(/: 1 problem\n✖ the device podnet0 belongs to the network "one", on .* and 2 more too/),
      expect.stringMatching(/: 1 problem\n✖ the name one belongs to the network "one"/),
      "",
      expect.stringMatching(/: 1 problem\n✖ podCidr .* of the network "two"/),
    ]);
  });

  test("on nodes of their own may be two clusters", async () => {
    const elsewhere = Inventory.of({ nodes: { node0: { connection: { host: "198.18.9.1" } } } });
    expect(await program(["one", {}], ["two", { nodes: elsewhere }])).toEqual(["", ""]);
  });

  test("of two runs of a program are one network", async () => {
    expect([...(await program(["one", {}])), ...(await program(["one", {}]))]).toEqual(["", ""]);
  });
});
