import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Inventory, PolicyBaseline, RomanaNetwork, type RomanaNetworkArgs } from "../../../components";
import { routedNetwork } from "../../../components/routes/settings";
import { recording } from "../recording";
import { rack } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };

async function make(name: string, args: RomanaNetworkArgs): Promise<RomanaNetwork> {
  const network = new RomanaNetwork(name, args);
  await waitForRPCs();
  return network;
}
const nodes = Inventory.of(rack);

describe("with Romana's programs", () => {
  test("and without an inventory the objects are all that there is", async () => {
    const network = await make("plain", { legacy: true });
    expect(network.verification).toBeUndefined();
    expect(network.conflist).toBe("/etc/cni/net.d/10-romana.conf");
    expect(network.ports.map(({ port }) => port)).toEqual([9600, 12379]);
    expect(engine.of("NodeState", "plain")).toEqual([]);
    expect(engine.of("AddressPlan", "plain")).toEqual([]);
    const deployments = engine.of("Deployment", "plain").map(({ name }) => name);
    expect(deployments.sort()).toEqual(["plain/kube-system/romana-daemon", "plain/kube-system/romana-etcd"]);
  });

  test("and an inventory nodes are prepared, then services come, which programs find each other by, then the programs", async () => {
    await make("planned", {
      legacy: true,
      podCidr: "10.244.0.0/16",
      nodePrefix: 24,
      nodes,
      routing: { type: "nodes" },
    });
    expect(engine.dependenciesOf(engine.request("Service", "planned/kube-system/romana"))).toContain("planned-node3");
    expect(engine.dependenciesOf(engine.request("Deployment", "planned/kube-system/romana-daemon"))).toContain(
      "planned/kube-system/romana",
    );
    const map = engine.textOf("ConfigMap", "planned/kube-system/romana-network-conf");
    expect(map).toMatch(/node2[^}]*198\.18\.0\.12/);
    expect(engine.textOf("NodeState", "planned-node1")).toContain("198.18.0.12");
    expect(engine.of("Verification", "planned")).toEqual([]);
  });
});

describe("without them", () => {
  test("nodes change batch after batch, each proven by packets, and nothing is in the cluster", async () => {
    const network = await make("routed", { attach: "cni", nodes, rollout: { batch: 1 } });
    expect(engine.waitsFor("routed-node2")).toContain("routed-batch-1");
    expect(engine.of("Verification", "routed").map(({ name }) => name)).toEqual([
      "routed-batch-1",
      "routed-batch-2",
      "routed",
    ]);
    expect(engine.of("Verification", "routed").at(-1)?.inputs).toMatchObject({
      cni: { configFile: network.conflist },
      mtu: 1500,
    });
    expect(
      engine.all().filter(({ type, name }) => type.startsWith("kubernetes:") && name.startsWith("routed")),
    ).toEqual([]);
  });

  test("a VPC's routes are made for it, as for every network with subnets, and it is proven by them", async () => {
    const seen: unknown[] = [];
    const routes: RomanaNetworkArgs["routes"] = (name, network, options) => {
      seen.push(routedNetwork.safeParse(network).error);
      return new PolicyBaseline(`${name}-stand-in`, { namespaces: { names: ["web"] }, cni: "calico" }, options);
    };
    const network = await make("cloudy", { attach: "cni", podCidr: "10.244.0.0/16", nodes, routes });
    expect(seen).toEqual([undefined]);
    expect(await engine.resolved(network.subnets)).toMatchObject({
      node1: ["10.244.0.0/24"],
      node3: ["10.244.2.0/24"],
    });
    expect(engine.dependenciesOf(engine.request("Verification", "cloudy"))).toContain("cloudy-stand-in");
  });

  test("services get their addresses after the proof", async () => {
    await make("served", { attach: "cni", nodes, vips: { "web/front": { ip: "198.18.0.100", node: "node1" } } });
    expect(engine.dependenciesOf(engine.request("ServicePatch", "served/web/front"))).toContain("served");
    expect(engine.textOf("NodeState", "served-node1")).toContain("198.18.0.100/32");
    expect(engine.textOf("NodeState", "served-node2")).not.toContain("198.18.0.100");
  });
});

test("a baseline of policy says that nobody enforces it, unless something stands beside that does", async () => {
  const network = await make("bare", { attach: "cni", nodes });
  const baseline = (name: string, cni?: "calico") =>
    new PolicyBaseline(name, { namespaces: { names: ["web"] }, network, ...(cni && { cni }) }).warnings.join("\n");
  expect(baseline("none")).toContain("nothing of it is enforced");
  expect(baseline("beside", "calico")).not.toContain("nothing of it is enforced");
  const old = await make("old", { legacy: true, policies: true, kubernetesVersion: "1.15" });
  expect(new PolicyBaseline("ingress", { namespaces: { names: ["web"] }, network: old }).warnings.join()).toContain(
    "Romana enforces no egress",
  );
});

test("wrong settings make no resource at all", () => {
  expect(() => new RomanaNetwork("refused", { policies: true })).toThrow(/^RomanaNetwork "refused": \d problems/);
  expect(
    engine.all().filter(({ type, name }) => name.startsWith("refused") && !type.endsWith(":RomanaNetwork")),
  ).toEqual([]);
});
