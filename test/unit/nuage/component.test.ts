import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ContivNetwork, Inventory, NuageNetwork, type NuageNetworkArgs } from "../../../components";
import { least as contiv, rack } from "../contiv/read";
import { program } from "../program";
import { recording } from "../recording";
import { least } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };

const nodes = Inventory.of(rack);
const usual = least as never as NuageNetworkArgs;
async function make(name: string, args: Partial<NuageNetworkArgs> = {}): Promise<NuageNetwork> {
  const network = new NuageNetwork(name, { ...usual, nodes, ...args });
  await waitForRPCs();
  return network;
}

test("nodes are prepared, then labelled and given Nuage's pods", async () => {
  const network = await make("ordered");
  expect(engine.waitsFor("ordered-node1")).toEqual(["ordered"]);
  expect(engine.waitsFor("ordered/kube-system/nuage-node-config")).toContain("ordered-node2");
  expect(engine.waitsFor("ordered/kube-system/nuage-token")).toContain("ordered/node1");
  expect(engine.waitsFor("ordered/kube-system/nuage-master-monitor-ds")).toEqual(["ordered/kube-system/nuage-token"]);
  expect(
    engine
      .of("DaemonSet", "ordered/")
      .map(({ name }) => name.split("/").at(-1))
      .sort(),
  ).toEqual(["nuage-cni-ds", "nuage-master-monitor-ds", "nuage-vrs-ds"]);
  expect(network.mtu).toBe(1450);
  expect(network.conflist).toBe("/etc/cni/net.d/nuage-net.conf");
});

test("a certificate's key is a secret wherever it is, given as text or by Pulumi; another one starts the monitor again", async () => {
  await make("texted");
  await make("keyed", { vsd: { ...usual.vsd, key: pulumi.secret("of the door") as never } });
  await make("other", { vsd: { ...usual.vsd, key: "of another door" } });
  for (const name of ["texted", "keyed"]) {
    expect(engine.textOf("Secret", `${name}/kube-system/nuage-vsd-user`)).toMatch(
      /"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270".*of the door/,
    );
    const others = engine.all().filter((one) => one.name.startsWith(name) && !one.type.endsWith(":Secret"));
    expect(JSON.stringify(others)).not.toContain("of the door");
  }
  const hash = (name: string) =>
    /"podnet.dev\/vsd-user":"(\w+)"/.exec(
      JSON.stringify(engine.of("DaemonSet", `${name}/kube-system/nuage-master`)),
    )?.[1];
  expect(hash("texted")).toBe(hash("keyed"));
  expect(hash("texted")).not.toBe(hash("other"));
});

test("the operator is told everything in one object, its registry's password as a secret", async () => {
  await make("operated", {
    install: "operator",
    vsd: { address: "vsd.example.com" },
    operator: {
      image: "registry.example.com/operator:1",
      registry: { url: "r", username: "u", password: "of the door" },
    },
  });
  expect(engine.of("DaemonSet", "operated/")).toEqual([]);
  expect(engine.textOf("NuageCNIConfig", "operated/nuage-network")).toMatch(
    /"releaseConfig":\{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"/,
  );
});

test("a second network on a cluster that has one is refused by name", async () => {
  const first = () => new ContivNetwork("one", { ...contiv, nodes });
  const second = () => new NuageNetwork("two", { ...usual, nodes });
  const [taken, refused] = await program(first, second);
  expect(taken).toBe("");
  expect(refused).toContain(`the cluster's pod network belongs to the network "one"`);
  expect(refused).toContain('Open vSwitch of the node belongs to the network "one"');
});
