import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Inventory, PolicyBaseline, WeaveNetwork, type WeaveNetworkArgs } from "../../../components";
import { recording } from "../recording";
import { rack } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };

async function make(name: string, args: WeaveNetworkArgs = {}): Promise<WeaveNetwork> {
  const network = new WeaveNetwork(name, args);
  await waitForRPCs();
  return network;
}
const nodes = Inventory.of(rack(2));
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

test("without an inventory the objects are all that there is", async () => {
  const network = await make("plain");
  expect(network.verification).toBeUndefined();
  expect(network.mtu).toBe(1376);
  expect(network.ports).toEqual([
    { protocol: "tcp", protocolNumber: 6, port: 6783 },
    { protocol: "udp", protocolNumber: 17, port: 6783 },
    { protocol: "udp", protocolNumber: 17, port: 6784 },
  ]);
  expect(engine.of("NodeState", "plain")).toEqual([]);
  expect(engine.of("DaemonSet", "plain").map(({ name }) => name)).toEqual(["plain/kube-system/weave-net"]);
});

test("with an inventory nodes are prepared, then Weave's pods come, then the network is proven", async () => {
  await make("proven", { nodes, rollout: { batch: 1 } });
  expect(engine.waitsFor("proven-node1")).toEqual(["proven"]);
  expect(engine.waitsFor("proven-node2")).toContain("proven-node1");
  expect(engine.dependenciesOf(engine.request("ConfigMap", "proven/kube-system/weave-net"))).toContain("proven-node2");
  expect(engine.dependenciesOf(engine.request("Verification", "proven"))).toContain("proven/kube-system/weave-net");
  expect(engine.of("Verification", "proven")[0]?.inputs).toMatchObject({
    cni: { configFile: "/etc/cni/net.d/10-weave.conflist", binaryDirectory: "/opt/cni/bin" },
    mtu: 1413,
    families: ["ipv4"],
  });
});

describe("a password", () => {
  test("is a secret wherever it is, given as text or by Pulumi, and IPsec is among the ports", async () => {
    const one = await make("keyed", { nodes, password: pulumi.secret("of the door") as never });
    await make("texted", { nodes, password: "of the door" });
    expect(one.ports).toContainEqual({ protocol: "esp", protocolNumber: 50 });
    for (const name of ["keyed", "texted"]) {
      const secret = engine.textOf("Secret", `${name}/kube-system/weave-net-password`);
      expect(secret).toContain("of the door");
      expect(secret).toContain(secretMark);
      for (const [type, resource] of [
        ["NetworkRecord", name],
        ["DaemonSet", `${name}/kube-system/weave-net`],
        ["NodeState", `${name}-node1`],
        ["Verification", name],
      ] as const)
        expect(engine.textOf(type, resource)).not.toContain("of the door");
    }
  });

  test("that is another is another pod, and the same is the same", async () => {
    const mark = async (name: string, password: string) => {
      await make(name, { password });
      return engine
        .textOf("DaemonSet", `${name}/`.replace("/", "/kube-system/weave-net"))
        .match(/podnet\.dev\/password[^}]*/)?.[0];
    };
    const before = await mark("pods", "one");
    expect(before).toBeDefined();
    expect(await mark("pods-b", "two")).not.toBe(before);
  });

  test("on hosts is in a file that a preview hides, and in nothing else of the node", async () => {
    await make("hosted", { mode: "docker", nodes, password: "of the door" });
    const state = engine.textOf("NodeState", "hosted-node1");
    expect(state.match(/of the door/g)).toHaveLength(1);
    // The file, and the unit that is another with another password.
    expect(state.match(new RegExp(secretMark, "g"))).toHaveLength(2);
    expect(engine.of("Verification", "hosted")).toEqual([]);
    expect(engine.of("DaemonSet", "hosted")).toEqual([]);
  });
});

describe("a baseline of policy", () => {
  const baseline = (network: WeaveNetwork) =>
    new PolicyBaseline(`b${Math.random().toString(36).slice(2, 8)}`, {
      namespaces: { names: ["web"] },
      openings: { monitoring: { namespace: "monitoring", ports: ["tcp/metrics", "tcp/9000-9010"] } } as never,
      network,
    }).warnings.join("\n");

  test("on it says which ports Weave does not know", async () => {
    const said = baseline(await make("judged"));
    expect(said).toContain("Weave refuses all of the policy for the port by name tcp/metrics");
    expect(said).toContain("Weave does not know endPort: of tcp/9000-9010 only the first port is open");
  });

  test("without weave-npc is enforced by nobody", async () => {
    expect(baseline(await make("unjudged", { policy: false }))).toContain("reads no policy: nothing of it is enforced");
  });
});

test("wrong settings make no resource at all", () => {
  expect(() => new WeaveNetwork("refused", { edition: "weaveworks", mtu: 100 } as never)).toThrow(
    /^WeaveNetwork "refused": \d problems/,
  );
  expect(
    engine.all().filter(({ type, name }) => name.startsWith("refused") && !type.endsWith(":WeaveNetwork")),
  ).toEqual([]);
});
