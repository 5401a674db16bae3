import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BridgeNetwork,
  CalicoNetwork,
  type CalicoNetworkArgs,
  CanalNetwork,
  FlannelNetwork,
  Inventory,
} from "../../../components";
import { program } from "../program";
import { recording } from "../recording";
import { twoSegments } from "./read";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const nodes = Inventory.of(twoSegments);
const calico =
  (name: string, args: Partial<CalicoNetworkArgs> = {}) =>
  () =>
    new CalicoNetwork(name, { crds: "present", nodes, podCidr: "10.244.0.0/16", ...args });
const bridge = (podCidr: string, vni = 7) =>
  new BridgeNetwork("one", { nodes, podCidr, crossSegment: "vxlan", vxlan: { vni, port: 4789 } });

describe("Calico beside another network of the program", () => {
  test("cannot have its pod addresses; those of its own stand beside a bridge network", async () => {
    expect(
      await program(() => bridge("10.244.0.0/16"), calico("two"), calico("three", { podCidr: "10.245.0.0/16" })),
    ).toEqual([
      "",
      expect.stringMatching(/: 1 problem\n✖ podCidr 10\.244\.0\.0\/16 overlaps .* of the network "one"/),
      "",
    ]);
  });

  test("cannot have its tunnel, nor give services addresses of its pods", async () => {
    const pools: CalicoNetworkArgs["pools"] = {
      pods: { cidr: "10.244.0.0/16" },
      services: { cidr: "10.245.1.0/24", encapsulation: "None", allowedUses: ["LoadBalancer"] },
    };
    const [, second] = await program(() => bridge("10.245.0.0/16", 4096), calico("two", { pools }));
    expect(second).toContain('the tunnel 4096 on port 4789 belongs to the network "one"');
    expect(second).toContain("say another felix.vxlanVni, or take the nodes out of one of the networks");
    expect(second).toContain("pools.services.cidr 10.245.1.0/24 overlaps 10.245.0.0/16");
  });

  test("and a Canal on the same nodes share Calico's interfaces", async () => {
    const canal = () => new CanalNetwork("one", { crds: "present", nodes, podCidr: "10.245.0.0/16" });
    const [, second] = await program(canal, calico("two"));
    expect(second).toContain('the name cali* of devices belongs to the network "one"');
    expect(second).toContain('the name cali-* of chains belongs to the network "one"');
  });

  test("for policy alone has the addresses of the network that carries the packets", async () => {
    const flannel = () => new FlannelNetwork("one", { nodes, podCidr: "10.244.0.0/16" });
    expect(await program(flannel, calico("two", { install: "policy-only" }))).toEqual(["", ""]);
  });

  test("of a cluster that has one is refused, also where its nodes are not known", async () => {
    const [, second] = await program(calico("one"), calico("two", { nodes: undefined }));
    expect(second).toContain('the cluster\'s pod network belongs to the network "one"');
  });
});
