import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { changes, rules } from "../../../components/calico/changes";
import { pool } from "../../../components/calico/pools";
import { calicoSettings } from "../../../components/calico/settings";
import type { Change } from "../../../components/change";
import { recorded } from "../../../components/network-nodes/record";
import { paths } from "../setting-paths";
import { expectRecordedUnchanged } from "../table-of-changes";
import { felixAgent, read, twoSegments, type Written } from "./read";

const record = (written: Written) => recorded(read(written));
const changed = (change: Written, base: Written = {}): Change[] =>
  changes(record(base), record({ ...base, ...change }));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`).sort();

test("every setting has a rule that says what its change does", () => {
  const known = Object.keys(rules);
  const all = [...paths(calicoSettings), ...paths(pool).map((path) => `pools.*.${path}`)];
  // A rule of what holds a setting is one of the setting.
  const holders = (path: string) => path.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
  const missing = all.filter((path) => !holders(path).some((one) => known.includes(one) || known.includes(`${one}.*`)));
  expect(missing).toEqual([]);
  expect(all.length).toBeGreaterThan(80);
});

test("every rule is of a setting that exists", () => {
  const settings = record({
    nodes: twoSegments,
    otherRanges: { vpn: "10.8.0.0/16" },
    verification: { coverage: "full" },
    bgp: { peers: { tor: { peerIp: "192.0.2.1", asNumber: 65000 } } },
    hostEndpoints: { h: { node: "node1", interfaceName: "eth0" } },
    networkSets: { s: { nets: ["10.0.0.0/8"] } },
    tiers: { t: { order: 1 } },
    globalPolicies: { p: { ingress: [] } },
    dataplane: "bpf",
    apiServer: { host: "192.0.2.10" },
    felix: { bpf: { dataIfacePattern: "eth0", l3IfacePattern: "gre0" } },
  });
  const exists = (value: unknown, [name, ...rest]: string[]): boolean =>
    name === undefined ||
    Object.entries((value ?? {}) as object).some(([key, one]) => (name === "*" || key === name) && exists(one, rest));
  // Only said by who needs them.
  const optional =
    /^(nodes\.\*\.nic|nodeCount|autodetection\.ipv6|apiServer|cloud|bgp\.(meshPassword|routeReflectors)|images\.(node|cni|kubeControllers|typha|ctl)|felix\.(mtuIfacePattern|natOutgoingAddress))$/;
  const absent = Object.keys(rules).filter((path) => !exists(settings, path.split(".")));
  expect(absent.filter((path) => !optional.test(path))).toEqual([]);
});

test("every refusal says the way round", () => {
  for (const rule of Object.values(rules))
    if (typeof rule !== "function" && rule.class === "refused") expect(rule.wayRound).toBeTruthy();
});

describe("a change of", () => {
  test("nothing is no change", () => {
    expect(changed({})).toEqual([]);
    const nodes = structuredClone(twoSegments);
    nodes.defaults = { connection: { user: "admin", key: { file: "/elsewhere" } } };
    expect(changed({ nodes }, { nodes: twoSegments })).toEqual([]);
  });

  const bgp = { encapsulation: "None" } as const;
  const bpf = (own: NonNullable<Written["felix"]>["bpf"]): Written => ({
    dataplane: "bpf",
    apiServer: { host: "192.0.2.10" },
    felix: { bpf: own },
  });
  const two = { pools: { a: { cidr: "10.244.0.0/17" }, b: { cidr: "10.244.128.0/17" } } };
  test.each<[string, Written, Written, string[]]>([
    ["podCidr", {}, { podCidr: "10.250.0.0/16" }, ["refused podCidr", "refused pools.default-ipv4.cidr"]],
    [
      "podCidr to one that contains it, the pools as they were",
      { pools: { a: { cidr: "10.244.0.0/16" } } },
      { podCidr: "10.240.0.0/12" },
      ["rolling podCidr"],
    ],
    [
      "VXLAN to IPIP",
      {},
      { encapsulation: "IPIP" },
      ["disruptive bgp.enabled", "refused pools.default-ipv4.encapsulation", "rolling mtu", "safe encapsulation"],
    ],
    [
      "VXLAN to none",
      { encapsulation: "VXLAN" },
      { encapsulation: "None" },
      ["disruptive bgp.enabled", "refused pools.default-ipv4.encapsulation", "rolling mtu", "safe encapsulation"],
    ],
    [
      "VXLAN to its CrossSubnet",
      { encapsulation: "VXLAN" },
      { encapsulation: "VXLANCrossSubnet" },
      ["disruptive pools.default-ipv4.encapsulation", "safe encapsulation"],
    ],
    ["a pool more", { pools: { a: { cidr: "10.244.0.0/17" } } }, two, ["safe pools.b"]],
    ["a pool less", two, { pools: { a: { cidr: "10.244.0.0/17" } } }, ["refused pools.b"]],
    [
      "a pool less that gave nothing",
      { pools: { ...two.pools, b: { cidr: "10.244.128.0/17", disabled: true } } },
      { pools: { a: { cidr: "10.244.0.0/17" } } },
      ["rolling pools.b"],
    ],
    [
      "block size",
      {},
      { pools: { "default-ipv4": { cidr: "10.244.0.0/16", blockSize: 24 } } },
      ["refused pools.default-ipv4.blockSize"],
    ],
    ["MTU", {}, { mtu: 1400 }, ["rolling mtu"]],
    ["the release", {}, { version: "v3.32.2" }, ["rolling version"]],
    ["an image", {}, { images: { cni: "example.com/cni:1" } }, ["rolling images.cni"]],
    ["the image of what only writes resources", {}, { images: { ctl: "example.com/ctl:1" } }, ["safe images.ctl"]],
    ["the way of installing", {}, { install: "operator" }, ["refused install", "rolling operatorVersion"]],
    ["the datastore", {}, { datastore: { type: "etcd", endpoints: ["http://192.0.2.5:2379"] } }, ["refused datastore"]],
    [
      "etcd's members",
      { datastore: { type: "etcd", endpoints: ["http://192.0.2.5:2379"] } },
      { datastore: { type: "etcd", endpoints: ["http://192.0.2.6:2379"] } },
      ["rolling datastore"],
    ],
    ["who gives addresses", {}, { ipam: "host-local" }, ["refused ipam"]],
    ["a policy", {}, { globalPolicies: { p: { ingress: [] } } }, ["rolling globalPolicies.p"]],
    [
      "a policy less in etcd, where nothing takes it out",
      { datastore: { type: "etcd", endpoints: ["http://192.0.2.5:2379"] }, globalPolicies: { p: { ingress: [] } } },
      { globalPolicies: {} },
      ["safe globalPolicies.p"],
    ],
    [
      "a host endpoint more",
      {},
      { hostEndpoints: { h: { node: "n", interfaceName: "*" } } },
      ["disruptive hostEndpoints.h"],
    ],
    ["the AS number", bgp, { bgp: { asNumber: 65001 } }, ["disruptive bgp.asNumber"]],
    ["the dataplane", {}, { dataplane: "nftables" }, ["disruptive dataplane"]],
    [
      "a stricter look at where packets come by",
      bpf({}),
      bpf({ enforceRpf: "Strict" }),
      ["disruptive felix.bpf.enforceRpf"],
    ],
    ["a laxer one", bpf({ enforceRpf: "Strict" }), bpf({}), ["rolling felix.bpf.enforceRpf"]],
    ["the namespace", {}, { namespace: "calico" }, ["refused namespace"]],
    [
      "an inventory given",
      {},
      { nodes: twoSegments },
      ["safe nodes", "safe segments", "disruptive autodetection.ipv4"],
    ],
    [
      "an inventory taken out",
      { nodes: twoSegments },
      { nodes: undefined },
      ["disruptive nodes", "safe segments", "disruptive autodetection.ipv4"],
    ],
    ["the agent", { nodes: twoSegments, ipam: "host-local" }, { agent: felixAgent }, ["rolling agent"]],
  ])("%s", (_, base, change, expected) => {
    expect(classes(changed(change, base))).toEqual(expected.sort());
  });
});

expectRecordedUnchanged(join(__dirname, "recorded"), changes, record);
