import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { flannelOf } from "../../../components/canal/complete";
import { backend, kindOf } from "../../../components/flannel/backends";
import { netConf } from "../../../components/flannel/configuration";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { withoutLabels } from "../calico/labels";
import { casesIn, golden } from "../golden";
import { read, type Written } from "./read";
import { render } from "./render";

const cases = casesIn<Written>(join(__dirname, "cases"));

/** The case that others are told apart from: what is the same there is only named. */
const smallest = "vxlan";
const known = render(cases.find(({ name }) => name === smallest)?.settings as Written);

test.each(cases)("$name: settings in, objects out", (one) => {
  const documents = render(one.settings).map((object) =>
    one.name !== smallest && known.some((other) => isDeepStrictEqual(other, object))
      ? { [`as in ${smallest}`]: `${object.kind} ${object.metadata.name}` }
      : withoutLabels(object, "canal"),
  );
  const { got, expected } = golden(one, documents);
  expect(got).toBe(expected);
});

interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string }[];
  securityContext: { privileged: boolean };
  volumeMounts: { name: string }[];
}
interface Pod {
  initContainers: Container[];
  containers: Container[];
  volumes: { name: string; hostPath?: { path: string } }[];
}

function pod(written: Written): Pod {
  const set = render(written).find(({ kind }) => kind === "DaemonSet") as KubernetesObject;
  return (set.spec as { template: { spec: Pod } }).template.spec;
}
const flanneld = (written: Written) => pod(written).containers.find(({ name }) => name === "kube-flannel") as Container;
const calico = (written: Written) => pod(written).containers.find(({ name }) => name !== "kube-flannel") as Container;
const data = (written: Written, name: string, key: string): string => {
  const maps = render(written).filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name);
  return (maps[0] as { data: Record<string, string> } | undefined)?.data[key] as string;
};

describe("what upstream's manifest gets wrong", () => {
  test.each<[Written["backend"], number]>([
    [{ type: "vxlan" }, 1450],
    [{ type: "host-gw" }, 1500],
    [{ type: "wireguard" }, 1420],
    [{ type: "ipip" }, 1480],
    [{ type: "udp" }, 1472],
  ])("pods' packets leave room for the backend: %o", (wanted, mtu) => {
    const written = { ...(wanted && { backend: wanted }) };
    expect(read(written).mtu).toBe(mtu);
    expect(JSON.parse(data(written, "canal-config", "cni_network_config")).plugins[0].mtu).toBe(mtu);
  });

  test("flannel alone masquerades, and not when it is told not to", () => {
    expect(flanneld({}).args).toContain("--ip-masq");
    expect(flanneld({ masquerade: false }).args).not.toContain("--ip-masq");
    expect(JSON.stringify(flanneld({ masquerade: false }))).not.toContain("IP_MASQ");
    expect(render({}).map(({ kind }) => kind)).not.toContain("IPPool");
    expect(calico({}).env).toContainEqual({ name: "NO_DEFAULT_POOLS", value: "true" });
  });

  test("no rule of flannel's accepts packets before policy decides", () => {
    expect(flanneld({}).args).toContain("--iptables-forward-rules=false");
  });

  test("packets to pods that are gone end on their node, where flannel knows how", () => {
    expect(flanneld({}).args).toContain("--ip-blackhole-route");
    expect(flanneld({ flannel: { version: "0.27.0" } }).args).not.toContain("--ip-blackhole-route");
  });

  test("Felix has IPv6 where pods have it", () => {
    const felix = (written: Written) =>
      render(written).find(({ kind }) => kind === "FelixConfiguration")?.spec as object;
    expect(felix({})).toMatchObject({ ipv6Support: false });
    expect(felix({ podCidr: ["10.244.0.0/16", "fd00:10:244::/48"] })).toMatchObject({ ipv6Support: true });
  });

  test("flanneld and Felix write their rules the same way", () => {
    const written: Written = { dataplane: "nftables" };
    expect(JSON.parse(data(written, "kube-flannel-cfg", "net-conf.json")).EnableNFTables).toBe(true);
    const felix = render(written).find(({ kind }) => kind === "FelixConfiguration")?.spec;
    expect(felix).toMatchObject({ nftablesMode: "Enabled" });
  });

  test("the backend is named, which flannel would take udp without", () => {
    expect(JSON.parse(data({}, "kube-flannel-cfg", "net-conf.json")).Backend.Type).toBe("vxlan");
  });
});

test("every backend of flannel's can bring the packets", () => {
  const needs: Record<string, object> = {
    ipsec: { psk: "k".repeat(96) },
    "tencent-vpc": { accessKeyId: "id", accessKeySecret: "secret" },
  };
  for (const { shape } of backend.options) {
    const type = shape.type.value;
    const written = { backend: { type, ...needs[type] } } as Written;
    const set = pod(written);
    const mounted = [...set.initContainers, ...set.containers].flatMap(({ volumeMounts }) => volumeMounts);
    expect(new Set(mounted.map(({ name }) => name))).toEqual(new Set(set.volumes.map(({ name }) => name)));
    expect(new Set(set.volumes.map(({ name }) => name)).size).toBe(set.volumes.length);
    expect(JSON.parse(netConf(flannelOf(read(written)), "k")).Backend.Type).toBe(
      kindOf(read(written).backend).flannelType,
    );
  }
  expect(flanneld({ backend: { type: "udp" } }).securityContext.privileged).toBe(true);
});

test("with the felix agent, everything of calico-node's start-up is somebody's work", () => {
  const written: Written = { agent: { type: "felix", felixImage: "felix:1", pluginImage: "cni:1" } };
  const kinds = render(written).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(kinds).toContain("ClusterInformation default");
  expect(kinds).toContain("Secret calico-cni-plugin-token");
  expect(kinds).not.toContain("Deployment calico-kube-controllers");
  const install = JSON.stringify(pod(written).initContainers);
  expect(install).toContain("/var/lib/calico/nodename");
  expect(calico(written).env).toContainEqual({ name: "FELIX_DebugSkipCTLBCleanup", value: "true" });
  expect([...pod(written).initContainers, ...pod(written).containers].map(({ image }) => image)).toEqual([
    "cni:1",
    "felix:1",
    "ghcr.io/flannel-io/flannel:v0.28.9",
  ]);
});

test("with etcd, a cloud's keys reach flanneld too", () => {
  const backend = { type: "tencent-vpc", accessKeyId: "id", accessKeySecret: "secret" } as const;
  const datastore = { type: "etcd" as const, endpoints: ["http://192.0.2.5:2379"] };
  const names = (written: Written) => flanneld(written).env?.map(({ name }) => name);
  expect(names({ datastore, backend })).toEqual(["NODE_NAME", "ACCESS_KEY_ID", "ACCESS_KEY_SECRET"]);
  expect(names({ datastore })).toEqual(["NODE_NAME"]);
});
