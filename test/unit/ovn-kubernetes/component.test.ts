import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  FlannelNetwork,
  Inventory,
  OpenVSwitch,
  OvnKubernetesNetwork,
  type OvnKubernetesNetworkArgs,
  PolicyBaseline,
} from "../../../components";
import { program } from "../program";
import { recording } from "../recording";
import { needed, rack } from "./read";

const pem = (of: string) => ({ certPem: `certificate of ${of}`, privateKeyPem: pulumi.secret(`key of ${of}`) });
const engine = recording({ PrivateKey: pem, SelfSignedCert: pem, LocallySignedCert: pem });
beforeAll(() => engine.start());
afterAll(() => engine.stop());

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

const nodes = Inventory.of(rack(2));
const args = { ...needed, kubernetesVersion: "1.29", crds: "present" as const };
async function make(name: string, more: Partial<OvnKubernetesNetworkArgs> = {}, options = {}) {
  const network = new OvnKubernetesNetwork(name, { ...args, ...more }, options);
  await waitForRPCs();
  return network;
}

describe("1.0", () => {
  test("says its ports, and without an inventory the objects are all that there is", async () => {
    const network = await make("plain");
    expect(network.ports).toEqual([
      { protocol: "udp", protocolNumber: 17, port: 6081 },
      { protocol: "tcp", protocolNumber: 6, port: 9107 },
    ]);
    expect(engine.of("NodeState", "plain")).toEqual([]);
    expect(engine.of("DaemonSet", "plain").map(({ name }) => name)).toEqual([
      "plain/ovn-kubernetes/ovnkube-identity",
      "plain/ovn-kubernetes/ovnkube-node",
    ]);
  });

  test("comes after the bridges, and after every node is found fit; the webhooks after what answers them", async () => {
    const bridges = new pulumi.ComponentResource("test:index:Bridges", "bridges");
    const inner = new (class extends pulumi.CustomResource {})("test:index:Bridge", "bridge", {}, { parent: bridges });
    await make("ordered", { nodes, rollout: { batch: 1 } }, { dependsOn: [inner] });
    expect(engine.waitsFor("ordered-node1")).toContain("bridge");
    expect(engine.waitsFor("ordered-node2")).toContain("ordered-node1");
    const set = "ordered/ovn-kubernetes/ovnkube-node";
    expect(engine.dependenciesOf(engine.request("Namespace", "ordered/ovn-kubernetes"))).toContain("ordered-node2");
    const hook = engine.request("ValidatingWebhookConfiguration", "ordered/ovn-kubernetes-admission-webhook-pod");
    expect(engine.dependenciesOf(hook)).toEqual(
      expect.arrayContaining([set, "ordered/ovn-kubernetes/ovnkube-identity"]),
    );
  });

  test("applies the definitions of files before all else, and refuses another file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "podnet-ovn-"));
    const kinds = ["egressips", "egressfirewalls", "egressqoses", "egressservices", "adminpolicybasedexternalroutes"];
    const crds = kinds.map((kind) => {
      const localPath = join(folder, kind);
      const text = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ${kind}.k8s.ovn.org }\nspec: {}\n`;
      writeFileSync(localPath, text);
      return { localPath, sha256: createHash("sha256").update(text).digest("hex") };
    });
    await make("defined", { crds });
    expect(engine.of("CustomResourceDefinition", "defined")).toHaveLength(5);
    rmSync(folder, { recursive: true });
  });
});

describe("the webhook's certificate", () => {
  test("is podnet's, of an authority that signs nothing else, and renewed in its last month", async () => {
    await make("made");
    const [signed] = engine.of("LocallySignedCert", "made");
    expect(signed?.inputs).toMatchObject({ validityPeriodHours: 3650 * 24, earlyRenewalHours: 720 });
    expect(engine.of("CertRequest", "made")[0]?.inputs).toMatchObject({ dnsNames: ["localhost"] });
    const hook = engine.of("ValidatingWebhookConfiguration", "made")[0]?.inputs as never as {
      webhooks: { clientConfig: { caBundle: string } }[];
    };
    const bundle = hook.webhooks[0]?.clientConfig.caBundle ?? "";
    expect(Buffer.from(bundle, "base64").toString()).toBe("certificate of made/ovnkube-identity-authority");
  });

  test("has its key in the Secret alone, as a secret", async () => {
    await make("kept", { nodes });
    await make("given", { identity: { certificate: { certificate: "c", key: "of the door", authority: "a" } } });
    for (const [name, key] of [
      ["kept", "key of kept/ovnkube-identity-key"],
      ["given", "of the door"],
    ] as const) {
      const secret = engine.textOf("Secret", `${name}/ovn-kubernetes/ovnkube-webhook-cert`);
      expect(secret).toContain(key);
      expect(secret).toContain(secretMark);
      for (const [type, resource] of [
        ["NetworkRecord", name],
        ["DaemonSet", `${name}/ovn-kubernetes/ovnkube-identity`],
        ["DaemonSet", `${name}/ovn-kubernetes/ovnkube-node`],
      ] as const)
        expect(engine.textOf(type, resource)).not.toContain(key);
    }
    expect(engine.of("PrivateKey", "given")).toEqual([]);
  });

  test("is not made where nodes have no identities of their own", async () => {
    await make("bare", { identity: { enabled: false } });
    expect(engine.of("PrivateKey", "bare")).toEqual([]);
    expect(engine.of("ValidatingWebhookConfiguration", "bare")).toEqual([]);
  });
});

describe("1.3", () => {
  // The stand-in for the engine knows no transforms; a program's own callback server is all that they need.
  const { getStore } = require("@pulumi/pulumi/runtime/state") as { getStore(): { supportsTransforms: boolean } };

  test("is the chart with podnet's values, after the nodes, and podnet makes no object beside it", async () => {
    getStore().supportsTransforms = true;
    await make("charted", {
      nodes,
      kubernetesVersion: "1.33",
      chart: { source: "ovn/helm/ovn-kubernetes" },
    });
    const [chart] = engine.of("Chart", "charted");
    expect(chart?.inputs).toMatchObject({
      chart: "ovn/helm/ovn-kubernetes",
      namespace: "ovn-kubernetes",
      skipCrds: true,
      values: { mtu: 1442, global: { gatewayOpts: "--gateway-interface=br-ex" } },
    });
    expect(engine.dependenciesOf(engine.request("Chart", "charted"))).toEqual(
      expect.arrayContaining(["charted-node1", "charted-node2"]),
    );
    expect(engine.of("DaemonSet", "charted")).toEqual([]);
  });
});

test("a second network of the cluster is refused by name", async () => {
  const [first, second] = await program(
    () => new FlannelNetwork("one", { nodes, podCidr: "10.240.0.0/16" }),
    () => new OvnKubernetesNetwork("two", { ...args, nodes }),
  );
  expect(first).toBe("");
  expect(second).toContain('the cluster\'s pod network belongs to the network "one", on node1, node2 too');
});

test("the bridge that podnet makes cannot be OpenVSwitch's too", async () => {
  const named = Inventory.of(rack(2, "eth0"));
  const [first, second] = await program(
    () => new OpenVSwitch("lan", { nodes: named, bridges: { "br-ex": { uplink: true } } }),
    () => new OvnKubernetesNetwork("two", { ...args, nodes: named, gateway: { bridge: "made" } }),
  );
  expect(first).toBe("");
  expect(second).toContain('the device br-ex belongs to the network "lan", on node1, node2 too');
});

test("a baseline of policy says that OVN-Kubernetes knows no ports by name", async () => {
  const network = await make("judged");
  const { warnings } = new PolicyBaseline("judging", {
    namespaces: { names: ["web"] },
    openings: { monitoring: { namespace: "monitoring", ports: ["tcp/metrics"] } } as never,
    network,
  });
  expect(warnings.join("\n")).toContain("OVN-Kubernetes does not know ports by name: tcp/metrics stays closed");
});

test("wrong settings make no resource at all", () => {
  expect(() => new OvnKubernetesNetwork("refused", { apiServer: "https://10.96.0.1" })).toThrow(
    /^OvnKubernetesNetwork "refused": \d problems/,
  );
  expect(
    engine.all().filter(({ type, name }) => name.startsWith("refused") && !type.endsWith(":OvnKubernetesNetwork")),
  ).toEqual([]);
});
