import { describe, expect, test } from "vitest";
import { networkChanges } from "../../../components/changes";
import { changes, rules } from "../../../components/policy/changes";
import { record as recordOf } from "../../../components/policy/record";
import { policySettings } from "../../../components/policy/settings";
import { paths } from "../setting-paths";
import { read, type Written } from "./read";

const record = (written: Written) => recordOf(read(written));
const changed = (before: Written, after: Written) => changes(record(before), record(after));
const enforced: Written = { migrate: "enforce" };
const classes = (before: Written, after: Written) =>
  changed({ ...enforced, ...before }, { ...enforced, ...after }).map((one) => `${one.class} ${one.path}`);

test("every setting has a rule that says what its change does", () => {
  const known = Object.keys(rules);
  const holders = (path: string) => path.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
  // What is only looked at is not recorded.
  const recorded = paths(policySettings).filter((path) => !["network", "beside"].includes(path));
  const unknown = recorded.filter(
    (path) => !known.some((rule) => rule.startsWith(`${path}.`) || holders(path).includes(rule.replace(".*", ""))),
  );
  expect(unknown).toEqual([]);
  expect(networkChanges.policy).toBe(changes);
});

test("every rule is of a setting that exists", () => {
  const all = [...paths(policySettings), "name", "segments"];
  const exists = (rule: string) =>
    all.some((path) => path === rule || path.startsWith(`${rule}.`) || rule.startsWith(`${path}.`));
  expect(Object.keys(rules).filter((rule) => !exists(rule))).toEqual([]);
});

describe("while a baseline is enforced", () => {
  test.each<[string, Written, Written, string[]]>([
    ["an opening that comes", {}, { openings: { nodes: "192.0.2.0/24" } }, ["safe openings.nodes"]],
    [
      "one among several that goes",
      { openings: { nodes: ["192.0.2.1/32", "192.0.2.2/32"] } },
      { openings: { nodes: ["192.0.2.1/32"] } },
      ["disruptive openings.nodes"],
    ],
    [
      "an opening of one's own that comes",
      {},
      { openings: { others: { db: { to: "10.0.0.0/24" } } } },
      ["safe openings.others.db"],
    ],
    ["one that goes", { openings: { others: { db: { to: "10.0.0.0/24" } } } }, {}, ["disruptive openings.others.db"]],
    ["DNS that comes", { openings: { dns: false } }, {}, ["safe openings.dns"]],
    ["DNS that goes", {}, { openings: { dns: false } }, ["disruptive openings.dns"]],
    ["some of what is served", {}, { openings: { served: ["dns"] } }, ["disruptive openings.served"]],
    ["all of what is served", { openings: { served: ["dns"] } }, {}, ["safe openings.served"]],
    [
      "more than strict serves",
      { profile: "strict" },
      { profile: "strict", openings: { served: ["dns", "traefik"] } },
      ["safe openings.served"],
    ],
    [
      "as little as strict serves",
      { profile: "strict", openings: { served: ["dns", "traefik"] } },
      { profile: "strict" },
      ["disruptive openings.served"],
    ],
    ["metadata denied where egress is closed", {}, { openings: { metadata: "deny" } }, ["safe openings.metadata"]],
    ["metadata allowed there", {}, { openings: { metadata: "allow" } }, ["safe openings.metadata"]],
    ["metadata that GKE needs", {}, { openings: { metadata: "gke" } }, ["safe openings.metadata"]],
    ["metadata allowed before", { openings: { metadata: "allow" } }, {}, ["disruptive openings.metadata"]],
    [
      "metadata as GKE needs it before",
      { openings: { metadata: "gke" } },
      { openings: { metadata: "allow" } },
      ["disruptive openings.metadata"],
    ],
    [
      "metadata denied where egress is open",
      { profile: "same-namespace" },
      { profile: "same-namespace", openings: { metadata: "deny" } },
      ["disruptive openings.metadata"],
    ],
    [
      "metadata denied there before",
      { directions: "ingress", openings: { metadata: "deny" } },
      { directions: "ingress" },
      ["safe openings.metadata"],
    ],
    ["a namespace that comes", {}, { namespaces: { names: ["ads", "shop", "web"] } }, ["disruptive namespaces.names"]],
    ["another profile", {}, { profile: "strict" }, ["disruptive profile"]],
    ["another form", {}, { form: "GlobalNetworkPolicy" }, ["disruptive form"]],
  ])("%s", (_what, before, after, expected) => {
    expect(classes(before, after)).toEqual(expected);
  });
});

test("from audit to enforce is disruptive, back again is safe, and within an audit everything is safe", () => {
  expect(changed({}, enforced).map((one) => `${one.class} ${one.path}`)).toEqual(["disruptive migrate"]);
  expect(changed(enforced, {}).map((one) => `${one.class} ${one.path}`)).toEqual(["safe migrate"]);
  expect(changed({}, { profile: "strict", namespaces: { names: ["web"] } }).map((one) => one.class)).toEqual([
    "safe",
    "safe",
  ]);
});
