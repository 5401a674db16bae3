import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Change } from "../../../components/change";
import { networkChanges } from "../../../components/changes";
import { changes, rules } from "../../../components/contiv/changes";
import { record } from "../../../components/contiv/record";
import { contivSettings } from "../../../components/contiv/settings";
import { paths } from "../setting-paths";
import { rack, settingsOf, type Written } from "./read";

const recordOf = (written: Written) => record(settingsOf(written));
const changed = (change: Written, base: Written = {}): Change[] =>
  changes(recordOf(base), recordOf({ ...base, ...change }));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`).sort();
const known = Object.keys(rules);

test("every setting has a rule that says what its change does", () => {
  const holders = (path: string) => path.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
  const all = [...new Set(paths(contivSettings))];
  const missing = all.filter((path) => !holders(path).some((one) => known.includes(one) || known.includes(`${one}.*`)));
  expect(missing).toEqual([]);
  expect(all.length).toBeGreaterThan(80);
});

test("every rule is of a setting that exists", () => {
  const all = paths(contivSettings);
  const recordedOnly = /^(name|mtu|segments|(nodes|segments|tenants|bgp)\..*)$/;
  const exists = (rule: string) => all.some((path) => path === rule || path.startsWith(`${rule}.`));
  expect(known.filter((rule) => !recordedOnly.test(rule) && !exists(rule))).toEqual([]);
});

test("the provider knows the table", () => {
  expect(networkChanges.contiv).toBe(changes);
});

const web = { networks: { web: { subnet: "10.1.0.0/16" } } };
const two = { web: { subnet: "10.1.0.0/16" }, db: { subnet: "10.2.0.0/16" } };
const rule = (action: "allow" | "deny") => ({
  policies: { p: { rules: { 1: { direction: "in" as const, action } } } },
});

describe("a change of", () => {
  test.each<[string, Written, Written, string[]]>([
    ["nothing", {}, {}, []],
    ["podCidr", {}, { podCidr: "20.0.0.0/8" }, ["refused gateway", "refused podCidr"]],
    [
      "the way packets go",
      {},
      { encapsulation: "vlan", vlanUplinks: ["eth1"] },
      ["disruptive vlanUplinks", "refused encapsulation", "rolling mtu"],
    ],
    ["Contiv's image", {}, { images: { netplugin: "mirror/netplugin:head" } }, ["rolling images.netplugin"]],
    [
      "Open vSwitch's image",
      {},
      { images: { netplugin: "registry.example.com/contiv/netplugin:head", ovs: "mirror/ovs:1" } },
      ["disruptive images.ovs"],
    ],
    ["the store", {}, { store: { type: "etcd", endpoint: "http://192.0.2.1:2379" } }, ["refused store"]],
    ["a tenant more", {}, { tenants: { shop: web } }, ["safe tenants.shop"]],
    [
      "a network's range",
      { tenants: { shop: web } },
      { tenants: { shop: { networks: { web: { subnet: "10.2.0.0/16" } } } } },
      ["refused tenants.shop.networks.web"],
    ],
    [
      "a network that goes",
      { tenants: { shop: web } },
      { tenants: { shop: {} } },
      ["disruptive tenants.shop.networks.web"],
    ],
    [
      "a rule",
      { tenants: { shop: rule("deny") } },
      { tenants: { shop: rule("allow") } },
      ["disruptive tenants.shop.policies.p.rules.1"],
    ],
    [
      "a group's network",
      { tenants: { shop: { networks: two, groups: { a: { network: "web" } } } } },
      { tenants: { shop: { networks: two, groups: { a: { network: "db" } } } } },
      ["disruptive tenants.shop.groups.a"],
    ],
    [
      "a group's policies",
      { tenants: { shop: { ...web, ...rule("deny"), groups: { a: { network: "web" } } } } },
      { tenants: { shop: { ...web, ...rule("deny"), groups: { a: { network: "web", policies: ["p"] } } } } },
      ["rolling tenants.shop.groups.a"],
    ],
    [
      "more VLANs and fewer VNIs",
      { globals: { vlans: "1-100,200" } },
      { globals: { vlans: "1-150,200-300", vxlans: "1-5000" } },
      ["refused globals.vxlans", "rolling globals.vlans"],
    ],
    ["the namespace", {}, { namespace: "contiv" }, ["disruptive namespace"]],
    ["the mode", {}, { mode: "vpp", podCidr: "20.1.0.0/16" }, ["refused mode", "refused store", "refused vpp"]],
  ])("%s", (_, base, change, expected) => {
    expect(classes(changed(change, base))).toEqual(expected.sort());
  });

  test("every refusal says the way round", () => {
    const refusals = changed({
      podCidr: "20.0.0.0/8",
      store: { type: "etcd", endpoint: "http://192.0.2.1:2379" },
      infraNetwork: { subnet: "10.3.0.0/24" },
    });
    for (const { reason, wayRound, class: danger } of refusals)
      if (danger === "refused") expect([reason, wayRound].every(Boolean)).toBe(true);
  });
});

test("keys and passwords are told and not kept", () => {
  const kept = JSON.stringify(
    recordOf({
      authProxy: { certificate: "CERT", key: "of the door" },
      encapsulation: "vlan",
      vlanUplinks: ["eth1"],
      aci: { url: "https://a", username: "a", password: "of the door", leafNodes: ["n"], physicalDomain: "d" },
    }),
  );
  expect(kept).not.toContain("of the door");
  expect(kept).toContain('"key":true');
});

/** Settings as releases recorded them, that the table must go on reading. */
const folder = join(__dirname, "recorded");
const recordings: Record<string, Written> = {
  "0.1.0-kubernetes": {
    tenants: { shop: { ...web, ...rule("deny"), groups: { a: { network: "web", policies: ["p"] } } } },
  },
  "0.1.0-vpp": { mode: "vpp", podCidr: "10.1.0.0/16" },
};
if (process.env.GOLDEN === "write")
  for (const [name, written] of Object.entries(recordings))
    writeFileSync(
      join(folder, `${name}.json`),
      `${JSON.stringify(recordOf({ nodes: rack, ...written }), undefined, 1)}\n`,
    );

test.each(readdirSync(folder))("%s is no change of what is recorded of the same settings", (file) => {
  const before = JSON.parse(readFileSync(join(folder, file), "utf8")) as object;
  const written = recordings[file.replace(".json", "")] as Written;
  expect(changes(before, recordOf(written)).filter((one) => one.class !== "safe")).toEqual([]);
});
