import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CalicoNetwork, type CalicoNetworkArgs, Inventory, Port, Selector } from "../../../components";
import { CalicoDefinitions } from "../../../components/calico/resource";
import { recording } from "../recording";
import { felixAgent, twoSegments } from "./read";

const engine = recording({ Node: (name) => ({ spec: { podCIDRs: [`10.244.${name.at(-1)}.0/24`] } }) });
const folder = mkdtempSync(join(tmpdir(), "podnet-calico-"));
const file = join(folder, "crds.yaml");
const text = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ippools.crd.projectcalico.org }
spec: { group: crd.projectcalico.org }
`;
const crds = { localPath: file, sha256: createHash("sha256").update(text).digest("hex") };

beforeAll(async () => {
  writeFileSync(file, text);
  await engine.start();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  return engine.stop();
});

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };

/** Makes the network, and waits until everything of it is registered. */
async function make(name: string, args: Partial<CalicoNetworkArgs> = {}): Promise<CalicoNetwork> {
  const network = new CalicoNetwork(name, { crds, podCidr: "10.244.0.0/16", ...args });
  await waitForRPCs();
  return network;
}

test("settings are agreed first, then definitions, then everything else, what runs last", async () => {
  const network = await make("pods");
  expect(network.conflist).toBe("/etc/cni/net.d/10-calico.conflist");
  expect(network.ports).toEqual([{ protocol: "udp", protocolNumber: 17, port: 4789 }]);
  expect(network.verification).toBeUndefined();
  expect(engine.of("NodeState", "pods")).toEqual([]);
  const definition = "pods/ippools.crd.projectcalico.org";
  expect(engine.of("CustomResourceDefinition").map(({ name }) => name)).toEqual([definition]);
  expect(engine.waitsFor("pods/default-ipv4")).toContain(definition);
  expect(engine.dependenciesOf(engine.request("DaemonSet", "pods/kube-system/calico-node"))).toContain(
    "pods/kube-system/calico-config",
  );
});

test("no object goes before the settings are agreed, whatever else there is to wait for", async () => {
  await make("agreed", { crds: "present" });
  expect(engine.waitsFor("agreed/default-ipv4")).toContain("agreed");
});

test("a definition that is not the one that was named is not applied", async () => {
  const wrong = { ...crds, sha256: "0".repeat(64) };
  const made = new CalicoDefinitions("wrong", { crds: wrong, version: "v3.32.1", file: "crds.yaml" }, {});
  const data = (made as unknown as { getData(): Promise<void> }).getData();
  await expect(data).rejects.toThrow("and crds.sha256 is 0000");
  expect(engine.of("CustomResourceDefinition", "wrong")).toEqual([]);
});

test("a file that is not there is told with the way out", async () => {
  const away = { localPath: join(folder, "nowhere.yaml"), sha256: crds.sha256 };
  const made = new CalicoDefinitions("away", { crds: away, version: "v3.32.1", file: "crds.yaml" }, {});
  const data = (made as unknown as { getData(): Promise<void> }).getData();
  await expect(data).rejects.toThrow(/nowhere\.yaml[\s\S]*ENOENT|ENOENT[\s\S]*localPath/);
});

test("with an inventory nodes are prepared before pods come, and the network is proven after", async () => {
  const network = await make("proven", { crds: "present", nodes: Inventory.of(twoSegments) });
  expect(engine.of("NodeState", "proven").map(({ name }) => name)).toEqual([
    "proven-node1",
    "proven-node2",
    "proven-node3",
  ]);
  expect(engine.waitsFor("proven/kube-system/calico-config")).toEqual(
    expect.arrayContaining(["proven-node1", "proven-node3"]),
  );
  expect(engine.dependenciesOf(engine.request("Verification", "proven"))).toContain(
    "proven/kube-system/calico-kube-controllers",
  );
  const proof = engine.of("Verification", "proven")[0]?.inputs as Record<string, unknown> | undefined;
  expect(proof).toMatchObject({ mtu: 1450, families: ["ipv4"], cni: { configFile: network.conflist } });
});

test("the operator outlives the Installation, whose finalizer only it takes away", async () => {
  await make("operated", { crds: "present", install: "operator" });
  const installation = engine.of("Installation", "operated")[0];
  expect(engine.dependenciesOf(engine.request("Installation", installation?.name ?? ""))).toContain(
    "operated/tigera-operator/tigera-operator",
  );
});

test("where Felix runs alone, nodes are told their addresses from their podCIDRs", async () => {
  await make("felix", { crds: "present", nodes: Inventory.of(twoSegments), agent: felixAgent });
  const patch = engine.of("NodePatch", "felix")[0]?.inputs as { metadata?: { annotations: unknown } } | undefined;
  expect(patch?.metadata?.annotations).toEqual({
    "projectcalico.org/IPv4Address": "198.18.0.11/22",
    "projectcalico.org/IPv4VXLANTunnelAddr": "10.244.1.1",
  });
});

test("ports and selectors may be given as values", async () => {
  await make("valued", {
    crds: "present",
    globalPolicies: {
      web: { selector: Selector.equals("role", "web"), ingress: [{ action: "allow", ports: [Port.tcp(443)] }] },
    },
  });
  const policy = engine.of("GlobalNetworkPolicy", "valued")[0]?.inputs as { spec?: unknown } | undefined;
  expect(policy?.spec).toMatchObject({
    selector: "role == 'web'",
    ingress: [{ protocol: "TCP", destination: { ports: [443] } }],
  });
});

test("wrong settings make no resource at all", () => {
  const before = engine.all().filter(({ name }) => name.startsWith("refused")).length;
  expect(() => new CalicoNetwork("refused", { crds, podCidr: "10.244.0.0/33" })).toThrow(
    /^CalicoNetwork "refused": \d problem/,
  );
  expect(before).toBe(0);
  expect(
    engine.all().filter(({ type, name }) => name.startsWith("refused") && !type.endsWith(":CalicoNetwork")),
  ).toEqual([]);
});
