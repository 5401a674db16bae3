import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { changes, rules } from "../../../components/bridge/changes";
import { record } from "../../../components/bridge/record";
import { bridgeSettings } from "../../../components/bridge/settings";
import type { Change } from "../../../components/change";
import { read, twoSegments, type Written } from "./read";

const written: Written = { nodes: twoSegments, podCidr: "10.244.0.0/16", crossSegment: "vxlan" };
const recorded = (change: Partial<Written> = {}) => record(read({ ...written, ...change }));
const changed = (change: Partial<Written>, base: Partial<Written> = {}): Change[] =>
  changes(recorded(base), recorded({ ...base, ...change }));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`);

/** Every path of a schema that a user can set: objects are followed, other values are a path. */
function paths(schema: unknown, path: string[] = []): string[] {
  const { def } = schema as { def: { type: string; innerType?: z.ZodType; shape?: Record<string, z.ZodType> } };
  if (def.innerType) return paths(def.innerType, path);
  if (def.shape) return Object.entries(def.shape).flatMap(([key, value]) => paths(value, [...path, key]));
  return [path.join(".")];
}

test("every setting has a rule that says what its change does", () => {
  const known = Object.keys(rules);
  // The inventory is recorded as nodes and segments, and records by name have a rule for any name.
  const missing = paths(bridgeSettings).filter(
    (path) =>
      path !== "nodes" &&
      !known.includes(path) &&
      !known.includes(`${path}.*`) &&
      !known.includes(path.replace(/\.\w+$/, ".*")),
  );
  expect(missing).toEqual([]);
  expect(paths(bridgeSettings).length).toBeGreaterThan(35);
});

test("every rule is of a setting that exists", () => {
  const settings = recorded({ otherRanges: { vpn: "10.8.0.0/16" }, verification: { coverage: "full" } });
  const exists = (value: unknown, [name, ...rest]: string[]): boolean =>
    name === undefined ||
    Object.entries((value ?? {}) as object).some(([key, one]) => (name === "*" || key === name) && exists(one, rest));
  // Only set in other networks than the one recorded here.
  const absent = ["nodes.*.nic", "routes"];
  expect(Object.keys(rules).filter((path) => !absent.includes(path) && !exists(settings, path.split(".")))).toEqual([]);
});

test("every refusal says the way round", () => {
  const refusals = [
    ...changed({ podCidr: "10.250.0.0/16" }),
    ...changed({ nodePrefix: { ipv4: 25 } }),
    ...changed({ podCidr: ["fd00:10:244::/48", "10.244.0.0/16"] }),
    ...changes(recorded(), { ...recorded(), name: "other", shape: "flat", invented: 1 }),
  ].filter((change) => change.class === "refused");
  expect(new Set(refusals.map(({ path }) => path))).toEqual(
    new Set(["podCidr", "nodePrefix.ipv4", "name", "shape", "invented"]),
  );
  for (const { wayRound } of refusals) expect(wayRound).toBeTruthy();
});

describe("a change of", () => {
  test("nothing is no change, in whatever order things are written", () => {
    const turned = { ...twoSegments, nodes: Object.fromEntries(Object.entries(twoSegments.nodes).reverse()) };
    expect(changed({ nodes: turned })).toEqual([]);
  });

  test("how nodes are reached is no change", () => {
    const nodes = structuredClone(twoSegments);
    nodes.defaults = { connection: { user: "admin", key: { file: "/elsewhere" } } };
    expect(changed({ nodes })).toEqual([]);
  });

  test("the nodes: one joins, the last behind the router leaves, one has another address", () => {
    const nodes = structuredClone(twoSegments);
    nodes.nodes.node4 = { connection: { host: "198.18.0.14" } };
    delete nodes.nodes.node3;
    if (nodes.nodes.node1) nodes.nodes.node1.addresses = ["198.18.0.21", "fd98:0:a::11"];
    expect(classes(changed({ nodes })).sort()).toEqual([
      "rolling nodes.node1.addresses",
      "safe nodes.node3",
      "safe nodes.node4",
    ]);
  });

  test.each<[string, Partial<Written>, string]>([
    ["podCidr to one that contains it", { podCidr: "10.240.0.0/12" }, "rolling podCidr"],
    ["podCidr to a part of it", { podCidr: "10.244.0.0/17" }, "refused podCidr"],
    ["podCidr to another", { podCidr: "10.250.0.0/16" }, "refused podCidr"],
    ["podCidr by a second family", { podCidr: ["10.244.0.0/16", "fd00:10:244::/48"] }, "rolling podCidr"],
    ["a node's prefix", { nodePrefix: { ipv4: 25 } }, "refused nodePrefix.ipv4"],
    ["mtu", { mtu: 1400 }, "disruptive mtu"],
    ["the bridge's name", { bridge: "cbr0" }, "disruptive bridge"],
    ["vni", { vxlan: { vni: 7 } }, "disruptive vxlan.vni"],
    ["port", { vxlan: { port: 8472 } }, "disruptive vxlan.port"],
    ["crossSegment", { crossSegment: "router" }, "disruptive crossSegment"],
    ["rollout", { rollout: { batch: "25%" } }, "safe rollout.batch"],
    ["what removing an unreachable node does", { onUnreachable: "forget" }, "safe onUnreachable"],
    ["whether the irreversible is done", { allowIrreversible: true }, "safe allowIrreversible"],
    ["another cluster's range", { otherRanges: { edge: "10.8.0.0/16" } }, "safe otherRanges.edge"],
    ["services", { serviceCidr: "10.96.0.0/12" }, "safe serviceCidr"],
    ["masquerading", { masquerade: { ipv4: false } }, "rolling masquerade.ipv4"],
  ])("%s", (_, change, expected) => {
    expect(classes(changed(change))).toContain(expected);
  });
});

describe("in the flat shape, a change of", () => {
  const rack = {
    nodes: {
      node1: { connection: { host: "198.18.0.11" }, nic: "eth0" },
      node2: { connection: { host: "198.18.0.12" }, nic: "eth0" },
    },
  };
  const range = (start: number) => ({ start: `198.18.1.${start}`, end: `198.18.1.${start + 9}` });
  const base: Written = {
    nodes: rack,
    shape: "flat",
    podCidr: "198.18.0.0/22",
    flat: { gateway: "198.18.0.1", ranges: { node1: range(10), node2: range(20) } },
  };
  const inFlat = (change: Partial<Written>) => changes(record(read(base)), record(read({ ...base, ...change })));

  test("the bridge's name is refused: a node would refuse to take the NIC out of the other bridge", () => {
    expect(inFlat({ bridge: "br7" })).toEqual([
      expect.objectContaining({ class: "refused", path: "bridge", wayRound: expect.stringContaining("keep podnet0") }),
    ]);
  });

  test("a NIC moves this node's pods to another network", () => {
    const nodes = structuredClone(rack);
    nodes.nodes.node1.nic = "eth1";
    expect(classes(inFlat({ nodes }))).toEqual(["disruptive nodes.node1.nic"]);
  });

  test("the nodes brings their ranges, and takes no address from a running pod", () => {
    const nodes = { nodes: { ...rack.nodes, node3: { connection: { host: "198.18.0.13" }, nic: "eth0" } } };
    const ranges = { node1: range(10), node2: range(20), node3: range(30) };
    expect(classes(inFlat({ nodes, flat: { ...base.flat, ranges } })).sort()).toEqual([
      "safe flat.ranges",
      "safe nodes.node3",
    ]);
    const other = { node1: range(10), node2: range(40) };
    expect(classes(inFlat({ flat: { ...base.flat, ranges: other } }))).toEqual(["disruptive flat.ranges"]);
  });
});

test("recorded settings are plain data with every default, and hold no way to reach a node", () => {
  const nodes = structuredClone(twoSegments);
  nodes.defaults = { connection: { user: "admin", key: { secret: "BEGIN PRIVATE" } } };
  const settings = recorded({ nodes });
  expect(settings).toMatchObject({
    name: "pods",
    mtu: 1450,
    bridge: "podnet0",
    nodePrefix: { ipv4: 24 },
    cni: { fileName: "10-podnet-pods.conflist", pluginVersion: "1.1.1" },
    nodes: { node3: { addresses: ["198.18.4.11", "fd98:0:b::11"], segment: "b", mtu: 1500 } },
  });
  expect(JSON.stringify(settings)).not.toMatch(/admin|PRIVATE|connection/);
});
