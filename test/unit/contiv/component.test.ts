import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ContivNetwork, type ContivNetworkArgs, Inventory } from "../../../components";
import { recording } from "../recording";
import { least, rack } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };

const nodes = Inventory.of(rack);
async function make(name: string, args: Partial<ContivNetworkArgs> = {}): Promise<ContivNetwork> {
  const network = new ContivNetwork(name, { ...least, nodes, ...args });
  await waitForRPCs();
  return network;
}

test("nodes are prepared, then Contiv's pods come, then netmaster is told, stage after stage", async () => {
  const shop = {
    networks: { web: { subnet: "10.1.0.0/16" } },
    policies: {
      closed: { rules: { "1": { direction: "in" as const, from: { group: "a" }, action: "deny" as const } } },
    },
    groups: { a: { network: "web", policies: ["closed"] } },
  };
  const network = await make("ordered", { tenants: { shop } });
  expect(engine.waitsFor("ordered-node1")).toEqual(["ordered"]);
  expect(engine.waitsFor("ordered/kube-system/contiv-config")).toContain("ordered-node2");
  expect(engine.waitsFor("ordered/globals/global")).toContain("ordered/kube-system/contiv-netmaster");
  expect(engine.waitsFor("ordered/tenants/shop")).toEqual(["ordered/globals/global"]);
  expect(engine.waitsFor("ordered/networks/shop:web")).toEqual(["ordered/tenants/shop"]);
  expect(engine.waitsFor("ordered/endpointGroups/shop:a")).toContain("ordered/policys/shop:closed");
  expect(engine.waitsFor("ordered/rules/shop:closed:1")).toEqual(["ordered/endpointGroups/shop:a"]);
  expect(engine.of("NetmasterObject", "ordered/networks/shop:web")[0]?.inputs).toMatchObject({
    node: "node1",
    url: "http://10.96.232.137:9999",
    collection: "networks",
    value: { subnet: "10.1.0.0/16" },
  });
  expect(network.mtu).toBe(1450);
  expect(network.conflist).toBe("/etc/cni/net.d/1-contiv.conf");
  expect(network.ports).toContainEqual({ protocol: "udp", protocolNumber: 17, port: 4789 });
});

test("Contiv-VPP has no netmaster, and needs no nodes", async () => {
  await make("vpp", { mode: "vpp", nodes: undefined });
  expect(engine.of("NetmasterObject", "vpp")).toEqual([]);
  expect(
    engine
      .of("DaemonSet", "vpp/")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["vpp/kube-system/contiv-ksr", "vpp/kube-system/contiv-vswitch"]);
});

test("on hosts there are units and netmaster's objects, and nothing in Kubernetes", async () => {
  await make("swarm", {
    mode: "swarm",
    store: { type: "etcd", endpoint: "http://198.18.0.5:2379" },
    hosts: { netmasters: ["node2"] },
  });
  expect(engine.all().filter(({ type, name }) => type.startsWith("kubernetes:") && name.startsWith("swarm/"))).toEqual(
    [],
  );
  expect(engine.of("NetmasterObject", "swarm/globals")[0]?.inputs).toMatchObject({ url: "http://198.18.0.12:9999" });
});

test("a key is a secret wherever it is, given as text or by Pulumi", async () => {
  const authProxy = (key: unknown) => ({ certificate: "CERT", key: key as string });
  await make("texted", { authProxy: authProxy("of the door") });
  await make("keyed", { authProxy: authProxy(pulumi.secret("of the door")) });
  for (const name of ["texted", "keyed"]) {
    expect(engine.textOf("Secret", `${name}/kube-system/contiv-auth-proxy`)).toMatch(
      /"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270".*of the door/,
    );
    const others = engine.all().filter((one) => one.name.startsWith(name) && !one.type.endsWith(":Secret"));
    expect(JSON.stringify(others)).not.toContain("of the door");
  }
});
