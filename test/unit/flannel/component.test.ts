import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FlannelNetwork, type FlannelNetworkArgs, Inventory } from "../../../components";
import { etcdKeySettings } from "../../../components/etcd/settings";
import { sha256 } from "../../../components/node/kinds/file";
import { recording } from "../recording";
import { etcd, rack } from "./read";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

const nodes = Inventory.of(rack);
const marked = (text: string) =>
  new RegExp(`"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":"[^"]*${text}`);

/** Makes the network and waits until everything is registered. */
async function make(name: string, args: Partial<FlannelNetworkArgs>): Promise<FlannelNetwork> {
  const network = new FlannelNetwork(name, { podCidr: "10.244.0.0/16", ...args });
  if (network.verification) await engine.resolved(network.verification.urn);
  await settled();
  return network;
}

/** Resources that nothing waits for are registered by now. */
async function settled(): Promise<void> {
  let before = -1;
  while (engine.all().length !== before) {
    before = engine.all().length;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const listed = (network: string) =>
  engine
    .all()
    .filter(({ name }) => name === network || name.startsWith(`${network}-`) || name.startsWith(`${network}/`))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();

describe("in Kubernetes", () => {
  test("without nodes it is a record and the objects", async () => {
    const network = await make("plain", {});
    expect(listed("plain")).toEqual([
      "ClusterRole plain/podnet-plain-flannel",
      "ClusterRoleBinding plain/podnet-plain-flannel",
      "ConfigMap plain/kube-flannel/kube-flannel-cfg",
      "DaemonSet plain/kube-flannel/kube-flannel",
      "FlannelNetwork plain",
      "Namespace plain/kube-flannel",
      "NetworkRecord plain",
      "ServiceAccount plain/kube-flannel/flannel",
    ]);
    expect(network.verification).toBeUndefined();
    expect(network.ports).toEqual([{ protocol: "udp", protocolNumber: 17, port: 8472 }]);
    expect(() => network.prove("later", {})).toThrow("Inventory.fromFile(path)");
  });

  test("nothing is touched before the record has agreed; nodes, then flannel, then the proof", async () => {
    const network = await make("gated", { nodes });
    for (const node of ["gated-node1", "gated-node2"]) expect(engine.waitsFor(node)).toEqual(["gated"]);
    expect(engine.waitsFor("gated/kube-flannel")).toEqual(expect.arrayContaining(["gated-node1", "gated-node2"]));
    const proof = engine.request("Verification", "gated");
    expect(engine.dependenciesOf(proof)).toContain("gated/kube-flannel/kube-flannel");
    expect(engine.of("Verification", "gated")[0]?.inputs).toMatchObject({
      cni: { configFile: "/etc/cni/net.d/10-flannel.conflist", binaryDirectory: "/opt/cni/bin" },
      mtu: 1450,
      families: ["ipv4"],
    });
    expect(network.mtu).toBe(1450);
    expect(engine.of("AddressPlan", "gated")).toEqual([]);
  });

  test("with so many nodes at a time as a batch has", async () => {
    await make("rolled", { nodes, rollout: { batch: 1 } });
    expect(engine.waitsFor("rolled-node2")).toEqual(["rolled", "rolled-node1"]);
  });

  test("another configuration of flannel or of pods is another pod of flannel's", async () => {
    const hash = async (name: string, args: Partial<FlannelNetworkArgs>) => {
      await make(name, args);
      return JSON.stringify(engine.of("DaemonSet", `${name}/`)[0]?.inputs.spec).match(
        /"podnet\/configuration":"(\w+)"/,
      )?.[1];
    };
    const [one, same, vni, mtu] = [
      await hash("hash-a", {}),
      await hash("hash-b", {}),
      await hash("hash-c", { backend: { type: "vxlan", vni: 7 } }),
      await hash("hash-d", { underlayMtu: 1500, mtu: 1300 }),
    ];
    expect(one).toBe(same);
    expect(new Set([one, vni, mtu]).size).toBe(3);
  });

  test("for routes that others make, podnet plans the nodes' subnets and sets them; a proof comes after the routes", async () => {
    const network = await make("routed", { nodes, backend: { type: "aws-vpc" } });
    expect(await engine.resolved(network.subnets)).toEqual({ node1: ["10.244.0.0/24"], node2: ["10.244.1.0/24"] });
    expect(engine.of("Node", "routed/").map(({ inputs }) => inputs)).toEqual([]);
    const patches = engine.of("NodePatch", "routed/");
    expect(patches.map(({ inputs: { metadata, spec } }) => ({ metadata, spec }))).toEqual([
      { metadata: { name: "node1" }, spec: { podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] } },
      { metadata: { name: "node2" }, spec: { podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.1.0/24"] } },
    ]);
    expect(engine.waitsFor("routed/kube-flannel")).toEqual(expect.arrayContaining(["routed/node1", "routed/node2"]));
    expect(network.verification).toBeUndefined();
    const proof = network.prove("routed-proof", {});
    await engine.resolved(proof.urn);
    expect(engine.of("Verification", "routed-proof")[0]?.inputs).toMatchObject({ mtu: 9001, network: "routed" });
  });

  test("a pre-shared key is a secret wherever it is, given as text or by Pulumi", async () => {
    const psk = "bm90IGEga2V5IHRoYXQgYW55IHR1bm5lbCBoYXMhISE=";
    await make("keyed", { nodes, backend: { type: "wireguard", psk: pulumi.secret(psk) as never } });
    await make("texted", { backend: { type: "wireguard", psk } });
    for (const name of ["keyed", "texted"]) {
      expect(engine.textOf("Secret", `${name}/kube-flannel/kube-flannel-secret`)).toMatch(
        /1b47061264138c4ac30d75fd1eb44270.*PSK/,
      );
      for (const [type, resource] of [
        ["NetworkRecord", name],
        ["ConfigMap", `${name}/kube-flannel/kube-flannel-cfg`],
        ["DaemonSet", `${name}/kube-flannel/kube-flannel`],
      ] as const)
        expect(engine.textOf(type, resource)).not.toContain(psk);
    }
    expect(engine.textOf("Verification", "keyed")).not.toContain(psk);
  });
});

describe("on hosts without Kubernetes", () => {
  const args: Partial<FlannelNetworkArgs> = {
    mode: "etcd",
    nodes,
    etcd: { ...etcd, username: "flannel", password: "of the door" },
  };

  test("the configuration is put into etcd, then nodes change batch after batch, each proven", async () => {
    await make("hosts", { ...args, rollout: { batch: 1 } });
    expect(listed("hosts")).toEqual([
      "AddressPlan hosts",
      "EtcdKey hosts",
      "FlannelNetwork hosts",
      "NetworkRecord hosts",
      "NodeState hosts-node1",
      "NodeState hosts-node2",
      "Verification hosts",
      "Verification hosts-batch-1",
    ]);
    expect(engine.dependenciesOf(engine.request("EtcdKey", "hosts"))).toEqual(["hosts"]);
    expect(engine.waitsFor("hosts-node2")).toContain("hosts-batch-1");
    const key = engine.of("EtcdKey", "hosts")[0]?.inputs as never as Record<string, unknown>;
    const password = (key.password as { value: string }).value;
    expect(etcdKeySettings.safeParse({ ...key, password }).error).toBeUndefined();
    expect(key).toMatchObject({
      node: "node1",
      key: "/coreos.com/network/config",
      deletePrefix: "/coreos.com/network/",
    });
    expect(JSON.parse(String(key.value))).toMatchObject({ Network: "10.244.0.0/16", SubnetLen: 24 });
  });

  test("a password is a secret for etcd and in the nodes' files, and is nowhere else", async () => {
    await make("guarded", args);
    expect(engine.textOf("EtcdKey", "guarded")).toMatch(marked("of the door"));
    const state = engine.textOf("NodeState", "guarded-node1");
    expect(state).toMatch(marked("FLANNELD_ETCD_PASSWORD=..of the door"));
    // Of the node's state it is the one value that a preview hides.
    expect(state.match(/1b47061264138c4ac30d75fd1eb44270/g)).toHaveLength(1);
    expect(engine.textOf("NetworkRecord", "guarded")).not.toContain("of the door");
    expect(engine.textOf("Verification", "guarded")).not.toContain("of the door");
  });

  test("another pre-shared key is another unit, so that flanneld is started again, and is in no unit", async () => {
    const units = async (name: string, psk: string) => {
      await make(name, { ...args, backend: { type: "wireguard", psk } });
      expect(engine.textOf("NodeState", `${name}-node1`)).not.toContain(psk);
      const [state] = engine.of("NodeState", `${name}-node1`);
      return JSON.stringify(state?.inputs).match(/# configuration (\w+)/)?.[1];
    };
    const [one, other] = [
      await units("key-a", "bm90IGEga2V5IHRoYXQgYW55IHR1bm5lbCBoYXMhISE="),
      await units("key-b", "YW5vdGhlciBrZXkgdGhhdCBubyB0dW5uZWwgaGFzISE="),
    ];
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(other).not.toBe(one);
  });

  test("Docker's containers are not CNI's: nodes change, and no proof by probe pods is asked for", async () => {
    const network = await make("docked", { ...args, etcd: { ...etcd, runtime: "docker" } });
    expect(network.verification).toBeUndefined();
    expect(engine.of("NodeState", "docked-")).toHaveLength(2);
    expect(engine.of("Verification", "docked")).toEqual([]);
  });
});

test("wrong settings make no resource at all", () => {
  expect(() => new FlannelNetwork("wrong", { nodes, podCidr: "198.18.0.0/16", mtu: 9000 })).toThrow(
    /^FlannelNetwork "wrong": \d problems/,
  );
  expect(listed("wrong")).toEqual([]);
});

test("a node's proof is asked again when the node or an object changed", async () => {
  await make("again", { nodes });
  const triggers = engine.of("Verification", "again")[0]?.inputs.triggers as never as Record<string, string>;
  expect(triggers.manifests).toBe(sha256("manifest of again-node1,manifest of again-node2"));
  expect(triggers.objects).toMatch(/^[0-9a-f]{64}$/);
});
