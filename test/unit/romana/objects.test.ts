import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr, IpAddress } from "../../../components/addresses/cidr";
import { allocate } from "../../../components/addresses/plan";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { pools } from "../../../components/romana/complete";
import { topologyText } from "../../../components/romana/topology";
import { withoutLabels } from "../calico/labels";
import { casesIn, golden } from "../golden";
import { rack, read, type Written } from "./read";
import { render } from "./render";

test.each(casesIn<Written>(join(__dirname, "cases")))("$name: settings in, objects out", (one) => {
  const { got, expected } = golden(
    one,
    render(one.settings).map((object) => withoutLabels(object, "romana")),
  );
  expect(got).toBe(expected);
});

interface Container {
  args?: string[];
  command?: string[];
}
const named = (written: Written, kind: string, name: string) =>
  render(written).find((object) => object.kind === kind && object.metadata.name === name) as KubernetesObject;
const words = (written: Written, kind: string, name: string): string[] => {
  const { template } = named(written, kind, name).spec as { template: { spec: { containers: Container[] } } };
  return template.spec.containers.flatMap(({ args = [], command = [] }) => [...command, ...args]);
};
const address = (written: Written, name: string) =>
  (named(written, "Service", name).spec as { clusterIP: string }).clusterIP;
const base: Written = { legacy: true };

/** Romana's own defaults, as its manifests and starts of v2.0.2 have them. */
describe("without a word all is as upstream has it", () => {
  test.each<[string, unknown, unknown]>([
    ["podCidr", read(base).podCidr, ["10.112.0.0/12"]],
    ["blockMask", read(base).networks["romana-network"]?.blockMask, 29],
    ["groups", read(base).topology, { type: "groups", groups: 8 }],
    ["the etcd's service", address(base, "romana-etcd"), "10.96.0.88"],
    ["the daemon's service", address(base, "romana"), "10.96.0.99"],
    ["ports", read(base).programs?.etcd, expect.objectContaining({ clientPort: 12379, peerPort: 12380 })],
    [
      "the AS number",
      read({ ...base, routing: { type: "bgp", neighbors: [{ address: "192.0.2.1", asn: 1 }] } }).routing,
      expect.objectContaining({ asn: 65534 }),
    ],
    ["the agent's image", read(base).programs?.images.agent, "quay.io/romana/agent:v2.0.2"],
    ["the router's image", read(base).programs?.images.vpcRouter, "quay.io/romana/vpcrouter-romana-plugin:1.1.17"],
    ["the data", read(base).programs?.etcd.dataDirectory, "/var/lib/romana/etcd-db"],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("addresses of Romana's services", () => {
  test("lie in whichever range services have, and are neither the API server's nor DNS'", () => {
    const ranges = fc.tuple(fc.integer({ min: 8, max: 28 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(ranges, ([prefix, octet]) => {
        const range = Cidr.around(`172.${octet}.0.0/${prefix}`);
        const written = { ...base, serviceCidr: String(range), podCidr: "10.112.0.0/12" };
        const own = ["romana-etcd", "romana"].map((name) => address(written, name));
        expect(new Set([...own, String(range.address(1)), String(range.address(10))]).size).toBe(4);
        for (const one of own) expect(range.contains(IpAddress.parse(one))).toBe(true);
      }),
    );
  });

  test("are what the other programs look for", () => {
    const written: Written = { ...base, serviceCidr: "100.64.0.0/13" };
    for (const [kind, name] of [
      ["Deployment", "romana-daemon"],
      ["DaemonSet", "romana-agent"],
    ] as const)
      expect(words(written, kind, name)).toContain("--etcd-endpoints=100.64.0.88:12379");
    expect(words(written, "DaemonSet", "romana-agent")).toContain("--service-cluster-ip-range=100.64.0.0/13");
  });
});

describe("the listener, which ends where the old API is gone", () => {
  const deployments = (written: Written) =>
    render(written)
      .filter(({ kind }) => kind === "Deployment")
      .map(({ metadata }) => metadata.name);

  test("is not started on today's Kubernetes, and the agent enforces nothing", () => {
    expect(deployments(base)).toEqual(["romana-etcd", "romana-daemon"]);
    expect(words(base, "DaemonSet", "romana-agent")).toContain("--policies=false");
  });

  test("is started where the old API is", () => {
    const written: Written = { ...base, policies: true, kubernetesVersion: "1.15.12" };
    expect(deployments(written)).toContain("romana-listener");
    expect(words(written, "DaemonSet", "romana-agent")).toContain("--policies=true");
  });
});

describe("an etcd with the second API", () => {
  test.each([
    ["quay.io/coreos/etcd:v3.5.21", true],
    ["quay.io/coreos/etcd:v3.4.33", true],
    ["quay.io/coreos/etcd:v3.3.27", false],
    ["gcr.io/google_containers/etcd-amd64:3.0.17", false],
    ["registry.example.com/etcd@sha256:00", true],
  ])("%s is switched to it: %s", (image, switched) => {
    const found = words({ ...base, programs: { etcd: { image } } }, "Deployment", "romana-etcd");
    expect(found.includes("--enable-v2")).toBe(switched);
  });
});

describe("the topology with a subnet for each node", () => {
  interface Entry {
    routing?: string;
    groups: { name: string; ip: string }[];
  }
  const mapOf = (written: Written) => {
    const settings = read(written);
    const subnets = allocate(undefined, { pools: pools(settings), nodes: Object.keys(written.nodes?.nodes ?? {}) });
    const [{ map }] = JSON.parse(topologyText(settings, subnets)).topologies as [{ map: Entry[] }];
    return { map, subnets };
  };

  test("is such that Romana gives each node the subnet that podnet plans", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 22, max: 27 }), (count, nodePrefix) => {
        const nodes = Object.fromEntries(
          Array.from({ length: count }, (_, index) => [
            `node${index + 1}`,
            { connection: { host: `198.18.0.${index + 11}` } },
          ]),
        );
        const { map, subnets } = mapOf({ ...base, podCidr: "10.244.0.0/16", nodePrefix, nodes: { nodes } });
        // Romana's own rule: the list is filled up to the next power of two, and divides the range evenly.
        const bits = Math.ceil(Math.log2(map.length));
        expect(16 + bits).toBe(nodePrefix);
        for (const [place, entry] of map.entries())
          for (const { name } of entry.groups)
            expect([String(Cidr.parse("10.244.0.0/16").subnet(place, nodePrefix))]).toEqual(subnets[name]);
        expect(map.flatMap(({ groups }) => groups)).toHaveLength(count);
      }),
      { numRuns: 30 },
    );
  });

  test("names each node with its own address, and has its prefix routed to it", () => {
    const { map } = mapOf({
      ...base,
      podCidr: "10.244.0.0/16",
      nodePrefix: 17,
      nodes: { nodes: { a: rack.nodes.node1 as never } },
    });
    expect(map).toEqual([
      { name: "a", routing: "prefix-on-host", groups: [{ name: "a", ip: "198.18.0.11" }] },
      { groups: [] },
    ]);
  });
});

test("without Romana's programs there is nothing in the cluster but what services say of their addresses", () => {
  expect(render({ attach: "cni", nodes: rack })).toEqual([]);
  const vips = { "web/front": { ip: "198.18.0.100", node: "node1" } };
  expect(render({ attach: "cni", nodes: rack, vips })).toEqual([
    {
      apiVersion: "v1",
      kind: "ServicePatch",
      metadata: { name: "front", namespace: "web" },
      spec: { externalIPs: ["198.18.0.100"] },
    },
  ]);
});
