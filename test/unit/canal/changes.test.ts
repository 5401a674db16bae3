import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { changes, rules } from "../../../components/canal/changes";
import { canalSettings } from "../../../components/canal/settings";
import type { Change } from "../../../components/change";
import { networkChanges } from "../../../components/changes";
import { record as recordOf } from "../../../components/flannel/record";
import { twoSegments } from "../calico/read";
import { paths } from "../setting-paths";
import { expectRecordedUnchanged } from "../table-of-changes";
import { read, type Written } from "./read";

const record = (written: Written) => recordOf(read(written));
const changed = (change: Written, base: Written = {}): Change[] =>
  changes(record(base), record({ ...base, ...change }));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`).sort();

test("every setting has a rule that says what its change does", () => {
  const known = Object.keys(rules);
  const holders = (path: string) => path.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
  const all = [...new Set(paths(canalSettings))];
  const missing = all.filter((path) => !holders(path).some((one) => known.includes(one) || known.includes(`${one}.*`)));
  expect(missing).toEqual([]);
  expect(all.length).toBeGreaterThan(90);
});

test("every rule is of a setting that exists", () => {
  const all = [...paths(canalSettings), "name", "segments", "segments.*"];
  const exists = (rule: string) =>
    all.some(
      (path) => path === rule || path.startsWith(`${rule}.`) || `${path}.*` === rule || rule.startsWith(`${path}.*`),
    );
  const recordedOnly = /^((nodes|segments)\.\*\.|nodePrefix\.\*$)/;
  expect(Object.keys(rules).filter((rule) => !recordedOnly.test(rule) && !exists(rule))).toEqual([]);
});

test("the provider knows the table", () => {
  expect(networkChanges.canal).toBe(changes);
});

describe("a change of", () => {
  test.each<[string, Written, Written, string[]]>([
    ["nothing", {}, {}, []],
    [
      "the backend",
      { backend: { type: "udp" } },
      { backend: { type: "host-gw" } },
      ["disruptive backend.port", "refused backend.type", "rolling mtu"],
    ],
    ["podCidr", {}, { podCidr: "10.250.0.0/16" }, ["refused podCidr"]],
    ["podCidr to one that contains it", {}, { podCidr: "10.240.0.0/12" }, ["rolling podCidr"]],
    ["MTU", {}, { mtu: 1400 }, ["rolling mtu"]],
    ["Calico's release", {}, { version: "v3.32.2" }, ["rolling version"]],
    ["flannel's image", {}, { flannel: { image: "example.com/flannel:1" } }, ["safe flannel.image"]],
    [
      "flannel's image where packets go through it",
      { backend: { type: "udp" } },
      { backend: { type: "udp" }, flannel: { image: "example.com/flannel:1" } },
      ["rolling flannel.image"],
    ],
    ["masquerading", {}, { masquerade: false }, ["rolling masquerade"]],
    ["a policy", {}, { globalPolicies: { p: { ingress: [] } } }, ["rolling globalPolicies.p"]],
    ["the datastore", {}, { datastore: { type: "etcd", endpoints: ["http://192.0.2.5:2379"] } }, ["refused datastore"]],
    ["VNI", {}, { backend: { type: "vxlan", vni: 7 } }, ["disruptive backend.vni"]],
    ["an inventory given", {}, { nodes: twoSegments }, ["safe nodes", "safe segments"]],
  ])("%s", (_, base, change, expected) => {
    expect(classes(changed(change, base))).toEqual(expected.sort());
  });

  test("how nodes are reached is none", () => {
    const nodes = structuredClone(twoSegments);
    nodes.defaults = { connection: { user: "admin", key: { file: "/elsewhere" } } };
    expect(changed({ nodes }, { nodes: twoSegments })).toEqual([]);
  });

  test("a key is told and not shown", () => {
    const psk = "bm90IGEga2V5IHRoYXQgYW55IHR1bm5lbCBoYXMhISE=";
    expect(JSON.stringify(record({ backend: { type: "wireguard", psk } }))).not.toContain(psk);
    expect(classes(changed({ backend: { type: "wireguard", psk } }, { backend: { type: "wireguard" } }))).toEqual([
      "disruptive backend.psk",
    ]);
  });
});

expectRecordedUnchanged(join(__dirname, "recorded"), changes, record);
