import { describe, expect, test } from "vitest";
import { charted, needed, rack, read, refusal, type Written, warnings } from "./read";

test("every problem at once, each at its own place", () => {
  const message = refusal({
    podCIDR: "10.0.0.0/8",
    version: "1.3.0",
    kubernetesVersion: "1.30",
    crds: undefined,
    kubeProxy: undefined,
    apiServer: "https://10.96.0.1",
    gateway: {},
    podCidr: "10.96.0.0/12",
    openPorts: true,
  } as Written);
  expect(message).toContain('unknown option "podCIDR"; did you mean "podCidr"?');
  expect(message).toContain("OVN-Kubernetes 1.3.0 needs Kubernetes 1.33");
  expect(message).toContain("has no manifests but those of its chart");
  expect(message).toContain("with kube-proxy beside it two translate each packet");
  expect(message).toContain("it is a service, and services work only once ovnkube has spoken to the API server");
  expect(message).toContain("the node's NIC must be in a bridge of Open vSwitch");
  expect(message).toContain("podCidr 10.96.0.0/12 overlaps serviceCidr 10.96.0.0/16");
  expect(message).toContain("openPorts changes nodes, and there are none");
  expect(message).toMatch(/^OvnKubernetesNetwork "pods": 8 problems\n/);
});

describe("what is refused", () => {
  test.each<[string, Written, string]>([
    ["a release that podnet does not know", { version: "1.2.0" }, "1.0.x and 1.3.x are installed, and no other"],
    ["1.0 on an older cluster", { kubernetesVersion: "1.28" }, "upgrade the cluster"],
    ["1.3 on an older cluster", { ...charted, kubernetesVersion: "1.32.4" }, 'take version: "1.0.0", without chart'],
    ["1.3 on who knows what", { ...charted, kubernetesVersion: undefined }, "nobody says what the cluster has"],
    ["a chart for 1.0", { ...charted, version: "1.0.0" }, "is made by podnet's own objects"],
    ["no definitions", { crds: undefined }, "does not start without the definitions"],
    ["files beside the chart", { ...charted, crds: [{ sha256: "0".repeat(64), localPath: "x" }] }, "leave crds out"],
    [
      "what podnet says in the chart",
      { ...charted, chart: { source: "x", values: { mtu: 9000, global: { gatewayMode: "local" } } } },
      "chart.values.global.gatewayMode",
    ],
    ["what came with 1.3", { features: { networkQos: true } }, "OVN-Kubernetes 1.0.0 has no such feature"],
    [
      "second networks of nothing",
      { ...charted, features: { userDefinedNetworks: true } },
      "say multiNetwork: true too",
    ],
    ["kube-proxy", { kubeProxy: "present" }, "--skip-phases=addon/kube-proxy"],
    ["a service's name", { apiServer: "https://kubernetes.default.svc" }, "it is a service"],
    ["an API server without TLS", { apiServer: "http://198.18.0.10" }, "apiServer"],
    [
      "a NIC that ovnkube moves, without a word",
      { gateway: { bridge: "by-ovnkube", interface: "eth0" } },
      "nothing takes them back",
    ],
    ["a bridge of nodes that nobody names", { gateway: { bridge: "made" } }, "podnet makes it on nodes"],
    ["a NIC that nobody names", { gateway: { bridge: "made" }, nodes: rack(1) }, "say nodes.node1.nic"],
    ["a bridge where a NIC is asked for", { gateway: { bridge: "by-ovnkube" } }, "it is the name of a bridge"],
    ["two Open vSwitches", { openvswitch: "pod" }, "a second one cannot run beside it"],
    [
      "one range for two",
      { subnets: { joinIpv4: "100.88.0.0/17" } },
      "which OVN-Kubernetes takes for itself, overlaps",
    ],
    [
      "the cloud's own address",
      { subnets: { masqueradeIpv4: "169.254.0.0/16" } },
      "subnets.masqueradeIpv4 169.254.0.0/16, which OVN-Kubernetes takes for itself, overlaps the address at which clouds",
    ],
    ["services of another family", { podCidr: ["10.244.0.0/16", "fd00::/48"] }, "services have ipv4 addresses"],
    ["a part as large as all", { nodePrefix: { ipv4: 16 } }, "take a prefix longer than 16"],
    ["more nodes than parts", { podCidr: "10.244.0.0/23", nodes: rack(3) }, "has 2 parts with a prefix of 24"],
    ["packets that do not fit", { mtu: 1480, nodes: rack(2) }, "packets of 1480 bytes and 58 of Geneve do not fit"],
    ["a kubelet's file of another name", { kubeletConfig: "/etc/k/kubelet.kubeconfig" }, "in a file kubelet.conf"],
    ["nodes among pods", { podCidr: "198.18.0.0/16", nodes: rack(2) }, "overlaps segment a 198.18.0.0/20"],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });

  test("a range of a family that no pod has is nobody's", () => {
    expect(read({ otherRanges: { vpn: "fd98::/48" } }).subnets.joinIpv6).toBe("fd98::/64");
  });

  test("a key of one's own that is refused is not shown", () => {
    const certificate = { certificate: "c", key: "of the door", authority: "" };
    expect(refusal({ identity: { certificate } })).not.toContain("of the door");
  });
});

describe("defaults that depend on other settings", () => {
  test.each<[string, Written, number]>([
    ["nothing is known", {}, 1400],
    ["NICs of 1500", { nodes: rack(2) }, 1442],
  ])("pods' packets leave room where %s", (_, written, mtu) => {
    expect(read(written).mtu).toBe(mtu);
  });

  test("a chart is of 1.3, and the image is of the release", () => {
    expect(read({})).toMatchObject({ version: "1.0.0", install: "objects", image: { tag: "release-1.0" } });
    expect(read(charted)).toMatchObject({ version: "1.3.0", install: "chart", image: { tag: "release-1.3" } });
    expect([read({}), read(charted)].map(({ features }) => features.persistentIps)).toEqual([false, true]);
  });
});

describe("what is the user's to judge", () => {
  test("is said, and nothing else", () => {
    expect(warnings({ kubernetesVersion: "1.29" })).toEqual([]);
    expect(warnings({})).toEqual([expect.stringContaining("needs Kubernetes 1.29: say kubernetesVersion")]);
    const risky: Written = {
      kubernetesVersion: "1.29",
      identity: { enabled: false },
      allowIrreversible: true,
      gateway: { ...needed.gateway, bridge: "by-ovnkube", interface: "eth0" },
    };
    expect(warnings(risky)).toEqual([
      expect.stringContaining("a node that is lost by it is not taken back"),
      expect.stringContaining("whoever takes over one node's ovnkube"),
    ]);
  });
});
