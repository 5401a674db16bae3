import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chartValues, clashesOf, overlaid } from "../../../components/ovn-kubernetes/chart";
import { casesIn, golden } from "../golden";
import { charted, read, type Written } from "./read";
import { certificate } from "./render";

test.each(casesIn<Written>(join(__dirname, "charts")))("$name: settings in, the chart's values out", (one) => {
  const { got, expected } = golden(one, [chartValues(read(one.settings))]);
  expect(got).toBe(expected);
});

/** The chart's own defaults (its values of 1.3 for interconnect): podnet's say the same without a word. */
const upstream: Record<string, unknown> = {
  encapPort: 6081,
  gatewayMode: "shared",
  unprivilegedMode: false,
  v4JoinSubnet: "100.64.0.0/16",
  v4MasqueradeSubnet: "169.254.0.0/17",
  v4TransitSubnet: "100.88.0.0/16",
  v6JoinSubnet: "fd98::/64",
  v6MasqueradeSubnet: "fd69::/112",
  v6TransitSubnet: "fd97::/64",
  enableOvnKubeIdentity: true,
  enableHybridOverlay: "",
  hybridOverlayNetCidr: "",
  enableAdminNetworkPolicy: false,
  enableEgressIp: true,
  egressIpHealthCheckPort: 9107,
  enableEgressService: true,
  enableEgressFirewall: true,
  enableEgressQos: true,
  enableNetworkQos: false,
  enableMulticast: "",
  enableMultiNetwork: false,
  enableNetworkSegmentation: false,
  enableRouteAdvertisements: false,
  enableIpsec: false,
  enableSsl: false,
  enableInterconnect: true,
  enableMultiExternalGateway: true,
  enableSvcTemplate: true,
  enableLFlowCache: true,
  enablePersistentIPs: true,
  disableSnatMultipleGws: "",
  disableForwarding: "",
  disablePacketMtuCheck: "",
  aclLoggingRateLimit: 20,
  emptyLbEvents: "",
  netFlowTargets: "",
  sflowTargets: "",
  ipfixTargets: "",
  remoteProbeInterval: 100000,
};

describe("the chart's values", () => {
  const global = chartValues(read(charted)).global as Record<string, unknown>;

  test.each(Object.entries(upstream))("%s is the chart's own default without a word", (name, value) => {
    expect(global[name]).toEqual(value);
  });

  test("nothing is asked of the cluster while the chart is rendered", () => {
    const values = chartValues(read(charted));
    expect([values.skipCallToK8s, global.skipCallToK8s]).toEqual([true, true]);
  });

  test("further values are added, and never in the place of podnet's", () => {
    const own = { a: 1, global: { b: 2 } };
    expect(clashesOf(own, { c: 3, global: { d: 4 } })).toEqual([]);
    expect(clashesOf(own, { a: 9, global: { b: 9 } })).toEqual(["a", "global.b"]);
    expect(clashesOf(own, { global: "all" })).toEqual(["global"]);
  });
});

describe("objects of the chart", () => {
  const settings = read(charted);
  const metadata = (name: string) => ({ name, namespace: "ovn-kubernetes" });
  const set = (name: string) => ({
    kind: "DaemonSet",
    metadata: metadata(name),
    spec: { selector: {}, template: { spec: { nodeSelector: { "kubernetes.io/os": "linux" }, containers: ["its"] } } },
  });

  test("the certificate is podnet's, in the Secret and in what the API servers trust", () => {
    const secret = { kind: "Secret", metadata: metadata("ovnkube-webhook-cert"), data: { "tls.crt": "helm's" } };
    expect(overlaid(settings, certificate, secret)).toEqual({
      kind: "Secret",
      metadata: metadata("ovnkube-webhook-cert"),
      stringData: { "tls.crt": "the certificate", "tls.key": "the key" },
    });
    const clientConfig = { url: "https://localhost:9443/pod", caBundle: "helm's" };
    const hook = { kind: "ValidatingWebhookConfiguration", webhooks: [{ name: "x", clientConfig }] };
    expect(overlaid(settings, certificate, hook)?.webhooks).toEqual([
      { name: "x", clientConfig: { ...clientConfig, caBundle: certificate.authorityBase64 } },
    ]);
  });

  test("another certificate is another pod of what answers with it", () => {
    expect(overlaid(settings, certificate, set("ovnkube-identity"))?.spec).toMatchObject({
      template: { metadata: { annotations: { "podnet.dev/certificate": certificate.mark } } },
    });
  });

  test("beside the node's own Open vSwitch no pod runs another, and in its place one does", () => {
    const spec = overlaid(settings, certificate, set("ovs-node"))?.spec;
    expect(spec).toEqual({
      selector: {},
      template: { metadata: {}, spec: { nodeSelector: { "podnet.dev/openvswitch": "pod" }, containers: ["its"] } },
    });
    expect(overlaid({ ...settings, openvswitch: "pod" }, certificate, set("ovs-node"))).toBeUndefined();
  });

  test("each node is a zone of its own, by volumes whose names are not the chart's", () => {
    const chart = set("ovnkube-node");
    const theirs = { name: "host-kubeconfig" };
    const object = { ...chart, spec: { template: { spec: { ...chart.spec.template.spec, volumes: [theirs] } } } };
    expect(overlaid(settings, certificate, object)).toMatchObject({
      spec: {
        template: {
          spec: {
            initContainers: [
              { name: "zone", volumeMounts: [{ name: "podnet-kubelet" }, { name: "podnet-kubernetes" }] },
            ],
            volumes: [theirs, { name: "podnet-kubelet" }, { name: "podnet-kubernetes" }],
          },
        },
      },
    });
  });

  test("all else stays as the chart has it", () => {
    for (const object of [set("ovn-ipsec"), { kind: "Secret", metadata: metadata("other"), data: {} }])
      expect(overlaid(settings, certificate, object)).toBeUndefined();
  });
});
