import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withoutLabels } from "../calico/labels";
import { casesIn, golden } from "../golden";
import type { Written } from "./read";
import { render } from "./render";

test.each(casesIn<Written>(join(__dirname, "cases")))("$name: settings in, objects out", (one) => {
  const { got, expected } = golden(
    one,
    render(one.settings).map((object) => withoutLabels(object, "ovn-kubernetes")),
  );
  expect(got).toBe(expected);
});

interface Container {
  name: string;
  image: string;
  command?: string[];
  env: { name: string; value?: string }[];
  volumeMounts: { name: string; mountPath: string }[];
}
interface Pod {
  initContainers?: Container[];
  containers: Container[];
  volumes: { name: string }[];
}

const named = (written: Written, name: string) =>
  render(written).find(({ kind, metadata }) => /DaemonSet|Deployment/.test(kind) && metadata.name === name);
const podOf = (object: unknown) => (object as { spec: { template: { spec: Pod } } }).spec.template.spec;
const workloads = (written: Written) => render(written).filter(({ kind }) => /DaemonSet|Deployment/.test(kind));

const inPods = { bridge: "by-ovnkube", interface: "eth0" } as const;

describe("objects of 1.0", () => {
  test("every volume is mounted, every mount has its volume, and no path is mounted twice in a container", () => {
    for (const written of [{}, { openvswitch: "pod", allowIrreversible: true, gateway: inPods }] as Written[])
      for (const pod of workloads(written).map(podOf)) {
        const containers = [...(pod.initContainers ?? []), ...pod.containers];
        const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts);
        expect(new Set(mounted.map(({ name }) => name))).toEqual(new Set(pod.volumes.map(({ name }) => name)));
        for (const { volumeMounts } of containers)
          expect(new Set(volumeMounts.map(({ mountPath }) => mountPath)).size).toBe(volumeMounts.length);
      }
  });

  test("every program is told the release that its script expects, and is of one image", () => {
    const containers = workloads({}).flatMap((object) => podOf(object).containers);
    expect(containers).toHaveLength(8);
    for (const { env, image } of containers) {
      expect(env).toContainEqual({ name: "OVN_DAEMONSET_VERSION", value: "1.0.0" });
      expect(image).toBe("ghcr.io/ovn-kubernetes/ovn-kubernetes/ovn-kube-ubuntu:release-1.0");
    }
  });

  test("each node is a zone of its own before OVN starts there, by its kubelet's own right", () => {
    const [zone] = podOf(named({ kubeletConfig: "/var/lib/k0s/kubelet.conf" }, "ovnkube-node")).initContainers ?? [];
    expect(zone?.command?.at(-1)).toBe(
      'kubectl --kubeconfig=/host-kubernetes/kubelet.conf label node "$K8S_NODE" "k8s.ovn.org/zone-name=$K8S_NODE" --overwrite',
    );
    const { volumes } = podOf(named({ kubeletConfig: "/var/lib/k0s/kubelet.conf" }, "ovnkube-node"));
    expect(volumes).toContainEqual(
      expect.objectContaining({ hostPath: expect.objectContaining({ path: "/var/lib/k0s" }) }),
    );
  });

  test("only a privileged container hands mounts back: the API server refuses it otherwise", () => {
    const propagation = (unprivileged: boolean) =>
      JSON.stringify(podOf(named({ unprivileged }, "ovnkube-node"))).match(/"mountPropagation":"\w+"/g);
    expect(propagation(false)).toEqual(['"mountPropagation":"Bidirectional"']);
    expect(propagation(true)).toEqual(['"mountPropagation":"HostToContainer"']);
  });

  test("no variable is said twice", () => {
    for (const { env } of workloads({}).flatMap((object) => podOf(object).containers))
      expect(new Set(env.map(({ name }) => name)).size).toBe(env.length);
  });

  test("the node's Open vSwitch and that of pods are never both", () => {
    expect(named({}, "ovs-node")).toBeUndefined();
    expect(named({ openvswitch: "pod", allowIrreversible: true, gateway: inPods }, "ovs-node")).toBeDefined();
  });

  test("with identities rights are of the group of nodes, without of the account, and there is no webhook", () => {
    const subjects = (written: Written) =>
      render(written).find(({ kind, metadata }) => kind === "ClusterRoleBinding" && metadata.name === "ovnkube-node")
        ?.subjects;
    expect(subjects({})).toEqual([expect.objectContaining({ kind: "Group", name: "system:ovn-nodes" })]);
    const off: Written = { identity: { enabled: false } };
    expect(subjects(off)).toEqual([expect.objectContaining({ kind: "ServiceAccount", name: "ovnkube-node" })]);
    expect(render(off).filter(({ kind }) => /Webhook|Secret/.test(kind))).toEqual([]);
  });

  test("the webhooks come last of all", () => {
    const kinds = render({}).map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(["ValidatingWebhookConfiguration", "ValidatingWebhookConfiguration"]);
  });
});

/** ovnkube.sh's and the chart's own defaults, and what a setting makes of them. */
const knobs: Record<string, [string | undefined, Written, string]> = {
  OVN_GATEWAY_MODE: ["shared", { gateway: { bridge: "made-beforehand", mode: "local" } }, "local"],
  OVN_GATEWAY_OPTS: [
    "--gateway-interface=br-ex",
    { gateway: { bridge: "made-beforehand", interface: "br0", nextHop: "198.18.0.1", vlanId: 7 } },
    "--gateway-interface=br0 --gateway-nexthop=198.18.0.1 --gateway-vlanid=7",
  ],
  OVN_ENCAP_PORT: ["6081", { encapPort: 6082 }, "6082"],
  OVN_V4_JOIN_SUBNET: ["100.64.0.0/16", { subnets: { joinIpv4: "100.65.0.0/16" } }, "100.65.0.0/16"],
  OVN_V6_JOIN_SUBNET: ["fd98::/64", { subnets: { joinIpv6: "fd9a::/64" } }, "fd9a::/64"],
  OVN_V4_MASQUERADE_SUBNET: ["169.254.0.0/17", { subnets: { masqueradeIpv4: "169.254.0.0/29" } }, "169.254.0.0/29"],
  OVN_V6_MASQUERADE_SUBNET: ["fd69::/112", { subnets: { masqueradeIpv6: "fd69::/125" } }, "fd69::/125"],
  OVN_V4_TRANSIT_SWITCH_SUBNET: ["100.88.0.0/16", { subnets: { transitIpv4: "100.89.0.0/16" } }, "100.89.0.0/16"],
  OVN_V6_TRANSIT_SWITCH_SUBNET: ["fd97::/64", { subnets: { transitIpv6: "fd9b::/64" } }, "fd9b::/64"],
  OVN_EGRESSIP_ENABLE: ["true", { features: { egressIp: false } }, "false"],
  OVN_EGRESSIP_HEALTHCHECK_PORT: ["9107", { features: { egressIpHealthPort: 9108 } }, "9108"],
  OVN_EGRESSSERVICE_ENABLE: ["true", { features: { egressService: false } }, "false"],
  OVN_EGRESSFIREWALL_ENABLE: ["true", { features: { egressFirewall: false } }, "false"],
  OVN_EGRESSQOS_ENABLE: ["true", { features: { egressQos: false } }, "false"],
  OVN_ENABLE_MULTI_EXTERNAL_GATEWAY: ["true", { features: { externalRoutes: false } }, "false"],
  OVN_ENABLE_SVC_TEMPLATE_SUPPORT: ["true", { features: { serviceTemplates: false } }, "false"],
  OVN_ADMIN_NETWORK_POLICY_ENABLE: ["false", { features: { adminNetworkPolicy: true } }, "true"],
  OVN_MULTI_NETWORK_ENABLE: ["false", { features: { multiNetwork: true } }, "true"],
  OVN_ENABLE_PERSISTENT_IPS: ["false", { features: { multiNetwork: true, persistentIps: true } }, "true"],
  OVN_MULTICAST_ENABLE: [undefined, { features: { multicast: true } }, "true"],
  OVN_HYBRID_OVERLAY_ENABLE: [undefined, { features: { hybridOverlay: ["10.200.0.0/16/24"] } }, "true"],
  OVN_HYBRID_OVERLAY_NET_CIDR: [undefined, { features: { hybridOverlay: ["10.2.0.0/16/24"] } }, "10.2.0.0/16/24"],
  OVN_REMOTE_PROBE_INTERVAL: ["100000", { ovn: { remoteProbeMs: 5000 } }, "5000"],
  OVN_MONITOR_ALL: ["true", { ovn: { monitorAll: false } }, "false"],
  OVN_OFCTRL_WAIT_BEFORE_CLEAR: ["0", { ovn: { clearWaitMs: 8000 } }, "8000"],
  OVN_ENABLE_LFLOW_CACHE: ["true", { ovn: { flowCache: false } }, "false"],
  OVN_ACL_LOGGING_RATE_LIMIT: ["20", { ovn: { aclLogsPerSecond: 5 } }, "5"],
  OVNKUBE_LOGLEVEL: ["4", { logs: { level: 5 } }, "5"],
  OVNKUBE_LOGFILE_MAXSIZE: ["100", { logs: { fileMegabytes: 20 } }, "20"],
  OVNKUBE_LOGFILE_MAXBACKUPS: ["5", { logs: { files: 2 } }, "2"],
  OVNKUBE_LOGFILE_MAXAGE: ["5", { logs: { days: 1 } }, "1"],
  OVN_UNPRIVILEGED_MODE: ["no", { unprivileged: true }, "yes"],
  OVN_DISABLE_SNAT_MULTIPLE_GWS: [undefined, { keepAddressAtGateways: true }, "true"],
  OVN_DISABLE_FORWARDING: [undefined, { restrictForwarding: true }, "true"],
  OVN_DISABLE_PKT_MTU_CHECK: [undefined, { checkPacketMtu: false }, "true"],
  OVN_EMPTY_LB_EVENTS: [undefined, { emptyServiceEvents: true }, "true"],
  OVN_NETFLOW_TARGETS: [undefined, { flowExport: { netflow: ["192.0.2.9:2055"] } }, "192.0.2.9:2055"],
  OVN_SFLOW_TARGETS: [undefined, { flowExport: { sflow: ["192.0.2.9:6343"] } }, "192.0.2.9:6343"],
  OVN_IPFIX_TARGETS: [undefined, { flowExport: { ipfix: ["192.0.2.9:4739"] } }, "192.0.2.9:4739"],
};

describe("every knob of ovnkube", () => {
  const env = (written: Written) => {
    const pod = podOf(named(written, "ovnkube-node"));
    const found = pod.containers.find(({ name }) => name === "ovnkube-controller")?.env ?? [];
    return Object.fromEntries(found.map(({ name, value }) => [name, value]));
  };

  test.each(Object.entries(knobs))("%s is upstream's without a word, and what is said otherwise", (name, one) => {
    const [usual, written, value] = one;
    expect(env({})[name]).toBe(usual);
    expect(env(written)[name]).toBe(value);
  });
});

test("the ConfigMap has what ovnkube's command line begins with", () => {
  const data = (written: Written) => render(written).find(({ kind }) => kind === "ConfigMap")?.data;
  expect(data({})).toEqual({
    net_cidr: "10.244.0.0/16/24",
    svc_cidr: "10.96.0.0/16",
    k8s_apiserver: "https://198.18.0.10:6443",
    mtu: "1400",
    host_network_namespace: "ovn-host-network",
  });
  expect(data({ podCidr: ["10.0.0.0/14", "fd00::/48"], serviceCidr: ["10.96.0.0/16", "fd01::/112"] })).toMatchObject({
    net_cidr: "10.0.0.0/14/24,fd00::/48/64",
    svc_cidr: "10.96.0.0/16,fd01::/112",
  });
});
