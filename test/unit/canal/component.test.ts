import { afterAll, beforeAll, expect, test } from "vitest";
import { CanalNetwork, type CanalNetworkArgs, Inventory } from "../../../components";
import { felixAgent, twoSegments } from "../calico/read";
import { recording } from "../recording";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };

/** Makes the network, and waits until everything of it is registered. */
async function make(name: string, args: Partial<CanalNetworkArgs> = {}): Promise<CanalNetwork> {
  const network = new CanalNetwork(name, { crds: "present", podCidr: "10.244.0.0/16", ...args });
  await waitForRPCs();
  return network;
}

test("without an inventory the objects are all that there is", async () => {
  const network = await make("plain");
  expect(network.conflist).toBe("/etc/cni/net.d/10-canal.conflist");
  expect(network.ports).toEqual([{ protocol: "udp", protocolNumber: 17, port: 8472 }]);
  expect(network.mtu).toBe(1450);
  expect(network.verification).toBeUndefined();
  expect(engine.of("NodeState", "plain")).toEqual([]);
  expect(engine.of("DaemonSet", "plain").map(({ name }) => name)).toEqual(["plain/kube-system/canal"]);
});

test("no object goes before the settings are agreed, whatever else there is to wait for", async () => {
  await make("agreed");
  expect(engine.waitsFor("agreed/kube-system/canal-config")).toContain("agreed");
});

test("with an inventory nodes are prepared, then Canal's pods come, then the network is proven", async () => {
  const network = await make("proven", { nodes: Inventory.of(twoSegments), agent: felixAgent });
  expect(engine.of("NodeState", "proven").map(({ name }) => name)).toEqual([
    "proven-node1",
    "proven-node2",
    "proven-node3",
  ]);
  expect(engine.waitsFor("proven/kube-system/canal-config")).toContain("proven-node2");
  expect(engine.dependenciesOf(engine.request("Verification", "proven"))).toContain("proven/kube-system/canal");
  expect(engine.of("Verification", "proven")[0]?.inputs).toMatchObject({
    mtu: 1450,
    cni: { configFile: network.conflist },
  });
});

test("nothing is proven before the routes of others are there, and then when it is said", async () => {
  const network = await make("routed", { nodes: Inventory.of(twoSegments), backend: { type: "aws-vpc" } });
  expect(network.verification).toBeUndefined();
  network.prove("routed-proof", {});
  await waitForRPCs();
  expect(engine.of("Verification", "routed")[0]?.inputs).toMatchObject({
    network: "routed",
    mtu: network.mtu,
    cni: { configFile: network.conflist },
  });
});

test("without nodes there is nothing to prove from", async () => {
  const network = await make("nowhere", { backend: { type: "alloc" } });
  expect(() => network.prove("nowhere-proof", {})).toThrow(/CanalNetwork "nowhere"[\s\S]*probes are sent from nodes/);
});

test("a pre-shared key is a secret in every resource that has it", async () => {
  const psk = "bm90IGEga2V5IHRoYXQgYW55IHR1bm5lbCBoYXMhISE=";
  await make("keyed", { backend: { type: "wireguard", psk } });
  const secret = engine.textOf("Secret", "keyed/kube-system/kube-flannel-secret");
  expect(secret).toContain("1b47061264138c4ac30d75fd1eb44270");
  for (const { type, name } of engine.all().filter((one) => one.name.startsWith("keyed")))
    if (!type.endsWith(":Secret"))
      expect(engine.textOf(type.split(":").at(-1) as string, name) ?? "").not.toContain(psk);
});

test("in etcd no definitions are asked for, and flannel's configuration is put there once", async () => {
  await make("leased", {
    crds: { sha256: "0".repeat(64) },
    datastore: { type: "etcd", endpoints: ["http://192.0.2.5:2379"] },
  });
  expect(engine.of("CalicoDefinitions", "leased")).toEqual([]);
  expect(
    engine
      .of("Job", "leased")
      .map(({ name }) => name.replace(/-[0-9a-f]{10}$/, ""))
      .sort(),
  ).toEqual(["leased/kube-system/calico-resources", "leased/kube-system/canal-flannel"]);
});

test("wrong settings make no resource at all", () => {
  expect(() => new CanalNetwork("refused", { crds: "present", podCidr: "10.244.0.0/16", mtu: 9000 })).toThrow(
    /^CanalNetwork "refused": \d problem/,
  );
  expect(
    engine.all().filter(({ type, name }) => name.startsWith("refused") && !type.endsWith(":CanalNetwork")),
  ).toEqual([]);
});
