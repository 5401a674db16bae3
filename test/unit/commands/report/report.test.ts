import { describe, expect, test } from "vitest";
import type { Network } from "../../../../commands/report/model";
import { page } from "../../../../commands/report/page/page";
import { png } from "../../../../commands/report/picture";
import { readProbes } from "../../../../commands/report/probes";
import { reportOf } from "../../../../commands/report/report";
import type { Written } from "../../bridge/read";
import { shop } from "./shop";
import { stateOf } from "./state";

const networkOf = (text: string) => reportOf(text).networks[0] as Network;
const secretMark = "4dabf18193072939515e22adb298388d";

describe("nodes", () => {
  const tunnelled = { crossSegment: "vxlan" } as Partial<Written>;

  test("are told with their segments, subnets, tunnels and routes", () => {
    const { segments, ways, facts } = networkOf(stateOf({ nodes: 5, segments: 2, settings: tunnelled }).text);
    expect(segments.map(({ name, nodes }) => [name, nodes.map((node) => node.name)])).toEqual([
      ["rack1", ["node1", "node2", "node3"]],
      ["rack2", ["node4", "node5"]],
    ]);
    expect(segments[0]?.nodes[0]).toMatchObject({
      addresses: ["10.1.0.11"],
      subnets: ["172.24.0.0/24"],
      health: "ok",
      routeCount: 4,
      tunnels: ["vxlan podnet-vx0, VNI 1, UDP 4789, to 2 nodes"],
      routes: [
        "172.24.1.0/24 and the next via 10.1.0.12 and the next",
        "172.24.3.0/24 and the next through podnet-vx0",
      ],
    });
    expect(ways).toEqual([{ kind: "tunnel", what: "vxlan podnet-vx0, VNI 1, UDP 4789", segments: ["rack1", "rack2"] }]);
    expect(facts).toContainEqual(["MTU of pods", "1450 bytes"]);
  });

  test("that were unreachable, fail their probes or were changed by hand are known by it, with the reason", () => {
    const timedOut = "unhealthy, last known state kept: connection timed out";
    const { text } = stateOf({
      nodes: 11,
      edit: (one) => {
        if (one.urn.endsWith("node02")) return { ...one, initErrors: [timedOut] };
        if (one.urn.endsWith("node04")) return { ...one, initErrors: ["node04: ip: RTNETLINK answers: File exists"] };
        const drift = [{ item: "link podnet0", expected: "mtu 1500", found: "mtu 1400" }];
        return one.urn.endsWith("node03") ? { ...one, outputs: { ...(one.outputs as object), drift } } : one;
      },
      answer: (from) => (from === 10 ? { reachable: false } : {}),
    });
    const [{ nodes }] = networkOf(text).segments as [Network["segments"][number]];
    expect(nodes.filter(({ health }) => health !== "ok")).toMatchObject([
      { name: "node02", health: "unreachable", reasons: [timedOut] },
      { name: "node03", health: "changed by hand", reasons: ["link podnet0"] },
      { name: "node04", health: "not made", reasons: ["node04: ip: RTNETLINK answers: File exists"] },
      { name: "node11", health: "failing", reasons: [expect.stringContaining("node11")] },
    ]);
  });
});

test("a network on a cluster's own nodes is shown by its settings", () => {
  const settings = { podCidr: ["10.32.0.0/12"], mtu: 1376, transport: { type: "fastdp" } };
  const urn = "urn:pulumi:rack::site::podnet:index:WeaveNetwork$podnet:index:NetworkRecord::weave";
  const record = { urn, type: "podnet:index:NetworkRecord", inputs: { network: "weave", settings } };
  const text = JSON.stringify({ version: 3, deployment: { resources: [record] } });
  expect(networkOf(text)).toMatchObject({ name: "weave", kind: "weave", segments: [], proof: undefined });
  expect(networkOf(text).facts).toContainEqual(["Backend", "fastdp"]);
  expect(page(reportOf(text))).toContain("its objects run on the cluster");
});

describe("probes", () => {
  test("of a small network are what its state keeps, pair by pair", () => {
    const { proof } = networkOf(
      stateOf({ nodes: 3, answer: (from, to) => (from + to === 3 ? { fullSize: false } : {}) }).text,
    );
    expect(proof).toMatchObject({ passed: false, mtu: 1500 });
    expect(proof?.heat?.names).toEqual(["node1", "node2", "node3"]);
    expect(proof?.heat?.cells[1]?.[2]).toEqual({
      text: "not 1500 bytes",
      milliseconds: undefined,
      failed: 1,
      probes: 1,
    });
    expect(proof?.heat?.cells[0]?.[1]).toMatchObject({ text: "0.12 ms", milliseconds: 0.12, failed: 0 });
  });

  test("of a large one are joined by neighbours, and come from podnet verify", () => {
    const { text, probes } = stateOf({ nodes: 1000, segments: 2 });
    expect(networkOf(text).proof?.heat).toBeUndefined();
    const heat = reportOf(text, [], readProbes(probes)).networks[0]?.proof?.heat;
    expect(heat?.names).toHaveLength(24);
    expect(heat?.names[0]).toBe("rack1: node0001 – node0042");
    const counted = heat?.cells.flat().reduce((sum, cell) => sum + (cell?.probes ?? 0), 0);
    expect(counted).toBe(3000);
  });
});

test("who reaches whom is the evaluation of the policies, and needs workloads", () => {
  const { text } = stateOf({ nodes: 3 });
  expect(reportOf(text).reach).toBeUndefined();
  const reach = reportOf(text, shop).reach;
  const cell = (from: string, to: string) => reach?.cells[reach.names.indexOf(from)]?.[reach.names.indexOf(to)];
  expect(cell("shop/Deployment/web", "shop/Deployment/db")).toEqual({ share: "some", text: "TCP 5432" });
  expect(cell("any IPv4 address", "shop/Deployment/db")).toEqual({ share: "none", text: "nothing" });
  expect(cell("shop/Deployment/db", "shop/Deployment/web")).toEqual({ share: "all", text: "all" });
});

test("a policy of the cluster counts beside one of another API group that the stack has by the same name", () => {
  const metadata = { name: "db", namespace: "shop" };
  const own = {
    urn: "urn:pulumi:rack::site::kubernetes:networking.k8s.io/v1:NetworkPolicy::db",
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    inputs: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec: { podSelector: {} } },
  };
  const calico = {
    where: "calico",
    object: {
      apiVersion: "projectcalico.org/v3",
      kind: "NetworkPolicy",
      metadata,
      spec: { order: 1, ingress: [{ action: "Allow" }] },
    },
  };
  const reach = reportOf(JSON.stringify({ deployment: { resources: [own] } }), [...shop, calico]).reach;
  const cell = (from: string, to: string) => reach?.cells[reach.names.indexOf(from)]?.[reach.names.indexOf(to)];
  expect(cell("shop/Deployment/db", "shop/Deployment/web")).toEqual({ share: "all", text: "all" });
});

test("many workloads are joined by namespace", () => {
  const copies = Array.from({ length: 21 }, (_, index) =>
    JSON.parse(JSON.stringify(shop).replaceAll('"shop"', `"shop${index}"`)),
  ).flat();
  const reach = reportOf(stateOf({ nodes: 3 }).text, copies).reach;
  expect(reach?.by).toBe("namespace");
  expect(reach?.names).toEqual([...Array.from({ length: 21 }, (_, index) => `shop${index}`), "outside"]);
  expect(reach?.cells[0]?.[1]).toEqual({ share: "some", text: "all, 2 of 4" });
});

test("what the last run changed is what its time says", () => {
  const { text } = stateOf({
    nodes: 4,
    edit: (one) => (/node[34]$/.test(one.urn) ? { ...one, modified: "2026-03-02T10:00:00Z" } : one),
  });
  expect(reportOf(text).changes).toEqual({
    from: "2026-03-02T10:00:00Z",
    to: "2026-03-02T10:00:00Z",
    groups: [{ action: "changed", what: "podnet:index:NodeState", count: 2, names: ["pods-node3", "pods-node4"] }],
    classes: [{ network: "pods", class: "safe" }],
  });
});

test("no secret is on the page, encrypted or in the clear", () => {
  const secret = { [secretMark]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"', ciphertext: "v1:abc" };
  const { text } = stateOf({
    nodes: 3,
    edit: (one) => ({ ...one, inputs: { ...(one.inputs as object), node: secret, network: secret } }),
  });
  expect(page(reportOf(text))).not.toMatch(/hunter2|v1:abc/);
});

test("the page of 1,000 nodes stays under 2 MB, and equal states make equal pages", () => {
  const { text } = stateOf({ nodes: 1000, segments: 40 });
  const made = page(reportOf(text));
  expect(made.length).toBeLessThan(2_000_000);
  expect(page(reportOf(text))).toBe(made);
});

test("a state that is none, and a stack without a network, are said in words", () => {
  expect(() => reportOf("[]")).toThrow("this is not what `pulumi stack export` prints");
  expect(page(reportOf('{"version":3,"deployment":{}}'))).toContain("no network of podnet is in this stack");
});

test("a picture is a PNG twice as large as the drawing", async () => {
  const picture = await png(networkOf(stateOf({ nodes: 3 }).text));
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  expect(picture.readUInt32BE(16)).toBeGreaterThan(1500);
});
