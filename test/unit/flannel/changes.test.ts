import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Change } from "../../../components/change";
import { networkChanges } from "../../../components/changes";
import { changes, rules } from "../../../components/flannel/changes";
import { record } from "../../../components/flannel/record";
import { flannelSettings } from "../../../components/flannel/settings";
import { paths } from "../setting-paths";
import { expectRecordedUnchanged } from "../table-of-changes";
import { etcd, rack, read, type Written } from "./read";

const written: Written = { nodes: rack, podCidr: "10.244.0.0/16" };
const onHosts: Written = { ...written, mode: "etcd", etcd };
const changed = (change: Partial<Written>, base: Written = written): Change[] =>
  changes(record(read(base)), record(read({ ...base, ...change })));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`);

const all = [...new Set(paths(flannelSettings))];

test("every setting has a rule that says what its change does", () => {
  const known = Object.keys(rules);
  // A list or a record, and what is given or not as a whole, has one rule for all that is in it.
  const covered = (path: string) =>
    [path, `${path}.*`, path.replace(/\.\w+$/, ".*"), path.replace(/\.\w+$/, "")].some((one) => known.includes(one));
  // The inventory is recorded as nodes and segments.
  expect(all.filter((path) => path !== "nodes" && !covered(path))).toEqual([]);
  expect(all.length).toBeGreaterThan(75);
});

test("every rule is of a setting that exists", () => {
  const exists = (rule: string) =>
    all.some(
      (path) =>
        path === rule || path.startsWith(`${rule}.`) || `${path}.*` === rule || path.replace(/\.\w+$/, ".*") === rule,
    );
  const recordedOnly = [
    "name",
    "nodes",
    "nodes.*",
    "nodes.*.addresses",
    "nodes.*.segment",
    "nodes.*.nic",
    "nodes.*.mtu",
  ];
  const segments = ["segments", "segments.*", "segments.*.subnets", "segments.*.routers"];
  expect(Object.keys(rules).filter((rule) => ![...recordedOnly, ...segments].includes(rule) && !exists(rule))).toEqual(
    [],
  );
});

test("the provider knows the table", () => {
  expect(networkChanges.flannel).toBe(changes);
});

test("every refusal says the way round", () => {
  const refusals = [
    ...changed({ podCidr: "10.250.0.0/16", nodePrefix: { ipv4: 25 }, allocation: "podnet", cni: { name: "other" } }),
    ...changed({ backend: { type: "host-gw" } }),
    ...changed({ etcd: { ...etcd, prefix: "/elsewhere", runtime: "docker" } }, onHosts),
    ...changes(record(read(written)), { ...record(read(written)), name: "other", mode: "etcd", invented: 1 }),
  ].filter((change) => change.class === "refused");
  expect(new Set(refusals.map(({ path }) => path))).toEqual(
    new Set([
      "podCidr",
      "nodePrefix.ipv4",
      "allocation",
      "cni.name",
      "backend.type",
      "etcd.prefix",
      "etcd.runtime",
      "name",
      "mode",
      "invented",
    ]),
  );
  for (const { reason, wayRound } of refusals) expect([reason, wayRound].every(Boolean)).toBe(true);
});

describe("a change of", () => {
  test.each<[string, Partial<Written>, string]>([
    ["the backend", { backend: { type: "host-gw" } }, "refused backend.type"],
    ["podCidr to one that contains it", { podCidr: "10.240.0.0/12" }, "rolling podCidr"],
    ["podCidr to another", { podCidr: "10.250.0.0/16" }, "refused podCidr"],
    ["mtu", { mtu: 1400 }, "rolling mtu"],
    ["flannel's release", { version: "0.28.4" }, "safe version"],
    [
      "the image's tag",
      { kubernetes: { images: { flannel: "mirror/flannel:v0.28.9" } } },
      "safe kubernetes.images.flannel",
    ],
    ["the vni", { backend: { type: "vxlan", vni: 7 } }, "disruptive backend.vni"],
    ["the port", { backend: { type: "vxlan", port: 4789 } }, "disruptive backend.port"],
    ["direct routing", { backend: { type: "vxlan", directRouting: true } }, "rolling backend.directRouting"],
    ["masquerading", { masquerade: false }, "rolling masquerade"],
    ["how rules are written", { netfilter: "nftables" }, "rolling netfilter"],
    ["the CNI configuration's name", { cni: { name: "net" } }, "refused cni.name"],
    ["its file", { cni: { fileName: "05-flannel.conflist" } }, "disruptive cni.fileName"],
    ["open ports", { openPorts: true }, "safe openPorts"],
    ["services", { serviceCidr: "10.96.0.0/12" }, "safe serviceCidr"],
    ["the namespace", { kubernetes: { namespace: "network" } }, "refused kubernetes.namespace"],
  ])("%s", (_, change, expected) => {
    expect(classes(changed(change))).toContain(expected);
  });

  test("the tag where flanneld carries the packets is not safe", () => {
    for (const type of ["udp", "wireguard"] as const)
      expect(classes(changed({ version: "0.28.4" }, { ...written, backend: { type } }))).toContain("rolling version");
  });

  test("whatever starts flanneld again says that packets stop where it carries them", () => {
    const reason = (type: "vxlan" | "udp" | "wireguard") =>
      changed({ rulesResyncSeconds: 30 }, { ...written, backend: { type } })[0]?.reason;
    expect(reason("vxlan")).toContain("running pods keep their traffic");
    for (const type of ["udp", "wireguard"] as const) expect(reason(type)).toContain("stops until it is up");
  });

  test("who makes the routes is nothing to flannel", () => {
    const nodes = structuredClone(rack);
    for (const node of Object.values(nodes.nodes)) node.mtu = 1500;
    const base: Written = { ...written, nodes, backend: { type: "alloc" } };
    expect(classes(changed({ backend: { type: "aws-vpc" } }, base))).toEqual(["safe backend.type"]);
  });

  test("routes that the network makes come safely, and do not go so", () => {
    const base: Written = { ...written, backend: { type: "alloc" } };
    const routes = () => ({}) as never;
    expect(classes(changed({ routes }, base))).toEqual(["safe routes"]);
    expect(classes(changed({ routes: undefined }, { ...base, routes }))).toEqual(["disruptive routes"]);
  });

  test("ports that a firewall may close again are not safe", () => {
    expect(classes(changed({ openPorts: false }, { ...written, openPorts: true }))).toEqual(["disruptive openPorts"]);
  });

  test("nodes that podnet prepares from then on are safe, and those that it leaves are not", () => {
    const alone: Written = { ...written, nodes: undefined, underlayMtu: 1500 };
    const prepared = { ...alone, nodes: rack };
    expect(classes(changed({ nodes: rack }, alone))).toContain("safe nodes");
    expect(classes(changed({ nodes: undefined }, prepared))).toContain("disruptive nodes");
  });

  test("a file that podnet itself writes disturbs nobody", () => {
    expect(classes(changed({ cni: { fileName: "05-flannel.conflist" } }, onHosts))).toEqual(["rolling cni.fileName"]);
  });

  test("nothing, or how nodes are reached, is no change", () => {
    const nodes = structuredClone(rack);
    nodes.defaults = { connection: { user: "admin", key: { file: "/elsewhere" } } };
    expect(changed({ nodes })).toEqual([]);
  });
});

test("a secret is recorded as set, and not what it is", () => {
  const key = "bm90IGEga2V5IHRoYXQgYW55IHR1bm5lbCBoYXMhISE=";
  const psk = record(read({ ...written, backend: { type: "wireguard", psk: key } }));
  expect(psk).toMatchObject({ backend: { psk: true } });
  expect(JSON.stringify(psk)).not.toContain(key);
  const door = record(read({ ...onHosts, etcd: { ...etcd, username: "flannel", password: "of the door" } }));
  expect(door).toMatchObject({ etcd: { password: true, username: "flannel" } });
  expect(JSON.stringify(door)).not.toContain("of the door");
  const set = changes(record(read({ ...written, backend: { type: "wireguard" } })), psk);
  expect(classes(set)).toEqual(["disruptive backend.psk"]);
});

expectRecordedUnchanged(join(__dirname, "recorded"), changes, (written: Written) => record(read(written)));
