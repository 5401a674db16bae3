import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { objects } from "../../../components/calico/objects";
import { type KubernetesObject, labelsOf } from "../../../components/kubernetes/object";
import { casesIn, golden } from "../golden";
import { withoutLabels } from "./labels";
import { read, type Written } from "./read";
import { render } from "./render";

const cases = casesIn<Written>(join(__dirname, "cases"));

/** The case that others are told apart from: what is the same there is only named. */
const smallest = "manifests-vxlan";
const known = render(cases.find(({ name }) => name === smallest)?.settings as Written);

test.each(cases)("$name: settings in, objects out", (one) => {
  const documents = render(one.settings).map((object) =>
    one.name !== smallest && known.some((other) => isDeepStrictEqual(other, object))
      ? { [`as in ${smallest}`]: `${object.kind} ${object.metadata.name}` }
      : withoutLabels(object, "calico"),
  );
  const { got, expected } = golden(one, documents);
  expect(got).toBe(expected);
});

test("every object says whose it is, and what is the cluster's own has no namespace", () => {
  for (const { settings } of cases)
    for (const { kind, metadata } of render(settings)) {
      if (kind === "NodePatch") continue;
      expect(metadata.labels).toMatchObject(labelsOf("calico", "pods"));
      const ofCluster =
        /^Cluster|^(IPPool|BGP|FelixConfiguration|Global|HostEndpoint|Tier|KubeControllers|Namespace|Installation|APIServer)/;
      expect(metadata.namespace === undefined).toBe(ofCluster.test(kind));
    }
});

/** What a pod mounts, it has; and what it has, it mounts. */
test.each(cases)("volumes of $name", ({ settings }) => {
  for (const object of render(settings)) {
    const pod = (object.spec as { template?: { spec: PodSpec } } | undefined)?.template?.spec;
    if (!pod) continue;
    const mounted = [...(pod.initContainers ?? []), ...pod.containers].flatMap(({ volumeMounts = [] }) => volumeMounts);
    expect(new Set(mounted.map((mount) => mount.name))).toEqual(
      new Set((pod.volumes ?? []).map((volume) => volume.name)),
    );
    expect(new Set((pod.volumes ?? []).map((volume) => volume.name)).size).toBe(pod.volumes?.length ?? 0);
  }
});

interface PodSpec {
  initContainers?: { volumeMounts?: { name: string }[] }[];
  containers: { volumeMounts?: { name: string }[] }[];
  volumes?: { name: string }[];
}

function container(written: Written, workload = "calico-node"): Container {
  const { first } = objects(read(written));
  const object = first.find(({ kind, metadata }) => /Set|Deployment/.test(kind) && metadata.name === workload);
  const { template } = (object as KubernetesObject).spec as { template: { spec: { containers: Container[] } } };
  return template.spec.containers[0] as Container;
}
const variable = (written: Written, name: string) => container(written).env.find((one) => one.name === name)?.value;

interface Container {
  image: string;
  args?: string[];
  env: { name: string; value?: string }[];
}

describe("what runs", () => {
  test("podnet's pools are the only ones: calico-node is told to make none", () => {
    expect(variable({}, "NO_DEFAULT_POOLS")).toBe("true");
  });

  test("USE_POD_CIDR goes with host-local, and never without it", () => {
    expect(variable({ ipam: "host-local" }, "USE_POD_CIDR")).toBe("true");
    expect(variable({}, "USE_POD_CIDR")).toBeUndefined();
    expect(variable({ install: "policy-only" }, "USE_POD_CIDR")).toBe("true");
  });

  test("the operator is told of a pool that gives nothing, and how many nodes change at a time", () => {
    const pools = { a: { cidr: "10.244.0.0/17" }, b: { cidr: "10.244.128.0/17", disabled: true } };
    const { second } = objects(read({ install: "operator", pools, maxUnavailable: "25%" }));
    const { spec } = second.find(({ kind }) => kind === "Installation") as KubernetesObject;
    expect(spec).toMatchObject({
      calicoNetwork: { ipPools: [{ name: "a" }, { name: "b", disableNewAllocations: true }] },
      nodeUpdateStrategy: { rollingUpdate: { maxUnavailable: "25%" } },
    });
    expect(JSON.stringify(spec).match(/disableNewAllocations/g)).toHaveLength(1);
  });

  test("the pod's probes ask where Felix answers", () => {
    const [port, etcd] = ["FELIX_HEALTHPORT", { type: "etcd" as const, endpoints: ["http://192.0.2.5:2379"] }];
    expect(variable({ felix: { healthPort: 9199 } }, port)).toBe("9199");
    expect(variable({ felix: { healthPort: 9199 }, datastore: etcd }, port)).toBe("9199");
    expect(variable({}, port)).toBeUndefined();
  });

  test("BIRD runs where routes come by BGP, Felix alone where all is VXLAN, neither with policy-only", () => {
    expect(variable({ encapsulation: "IPIP" }, "CALICO_NETWORKING_BACKEND")).toBe("bird");
    expect(variable({}, "CALICO_NETWORKING_BACKEND")).toBe("vxlan");
    expect(
      variable({ bgp: { peers: { tor: { peerIp: "192.0.2.1", asNumber: 65000 } } } }, "CALICO_NETWORKING_BACKEND"),
    ).toBe("bird");
    expect(variable({ install: "policy-only" }, "CALICO_NETWORKING_BACKEND")).toBe("none");
  });

  test.each([
    ["v3.32.1", "quay.io/calico/kube-controllers:v3.32.1", undefined],
    ["v3.33.0", "quay.io/calico/calico:v3.33.0", ["component", "kube-controllers"]],
  ])("the image layout of %s", (version, image, args) => {
    const { image: found, args: given } = container({ version }, "calico-kube-controllers");
    expect([found, given]).toEqual([image, args]);
  });

  test.each([
    [49, 0],
    [50, 3],
    [600, 3],
    [601, 4],
    [9000, 20],
  ])("%i nodes have %i Typhas", (nodeCount, replicas) => {
    expect(read({ nodeCount, podCidr: "10.0.0.0/8" }).typha.replicas).toBe(replicas);
  });

  test("another configuration of the CNI plugin makes the pods that write it anew", () => {
    const set = (written: Written) =>
      JSON.stringify(objects(read(written)).first.find(({ kind }) => kind === "DaemonSet"));
    expect(set({ mtu: 1400 })).not.toBe(set({ mtu: 1410 }));
    expect(set({ otherRanges: { vpn: "10.8.0.0/16" } })).toBe(set({}));
  });
});
