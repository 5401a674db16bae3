import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Change } from "../../../components/change";
import { networkChanges } from "../../../components/changes";
import { changes, rules } from "../../../components/nuage/changes";
import { record } from "../../../components/nuage/record";
import { nuageSettings } from "../../../components/nuage/settings";
import { paths } from "../setting-paths";
import { least, settingsOf, type Written } from "./read";

const recordOf = (written: Written) => record(settingsOf(written));
const changed = (change: Written, base: Written = {}): Change[] =>
  changes(recordOf(base), recordOf({ ...base, ...change }));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`).sort();
const known = Object.keys(rules);

test("every setting has a rule that says what its change does", () => {
  const holders = (path: string) => path.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
  const all = [...new Set(paths(nuageSettings))];
  expect(all.filter((path) => !holders(path).some((one) => known.includes(one)))).toEqual([]);
  expect(all.length).toBeGreaterThan(70);
});

test("every rule is of a setting that exists", () => {
  const all = paths(nuageSettings);
  const recordedOnly = /^(name|segments|(nodes|segments)\..*)$/;
  const exists = (rule: string) => all.some((path) => path === rule || path.startsWith(`${rule}.`));
  expect(known.filter((rule) => !recordedOnly.test(rule) && !exists(rule))).toEqual([]);
});

test("the provider knows the table", () => {
  expect(networkChanges.nuage).toBe(changes);
});

describe("a change of", () => {
  test.each<[string, Written, string[]]>([
    ["nothing", {}, []],
    ["podCidr", { podCidr: "70.0.0.0/8" }, ["refused podCidr"]],
    [
      "the release",
      { release: "20.10.7" },
      [
        "disruptive images.vrs",
        "disruptive release",
        "disruptive images.strongswan",
        "rolling images.cni",
        "rolling images.monitor",
        "safe images.infra",
      ],
    ],
    ["the enterprise", { vsd: { ...least.vsd, enterprise: "other" } }, ["refused vsd.enterprise"]],
    ["the controllers", { vrs: { controllers: ["198.18.0.8", "198.18.0.7"] } }, ["disruptive vrs.controllers"]],
    ["the plugin's MTU", { cni: { mtu: 1400 } }, ["rolling cni.interfaceMtu", "rolling cni.mtu"]],
    [
      "how it is installed",
      {
        install: "operator",
        vsd: { address: "vsd.example.com" },
        operator: { image: "a", registry: { url: "a", username: "b", password: "c" } },
      },
      ["refused install", "rolling operator", "rolling vsd.certificate", "rolling vsd.key"],
    ],
  ])("%s", (_, change, expected) => {
    expect(classes(changed(change))).toEqual(expected.sort());
  });
});

test("keys and passwords are told and not kept", () => {
  const kept = JSON.stringify(recordOf({}));
  expect(kept).not.toMatch(/of the door|"CERTIFICATE"/);
  expect(kept).toContain('"key":true');
});

/** Settings as releases recorded them, that the table must go on reading. */
const folder = join(__dirname, "recorded");
const recordings: Record<string, Written> = { "0.1.0-daemonsets": { encryption: true, infraTest: true } };
if (process.env.GOLDEN === "write")
  for (const [name, written] of Object.entries(recordings))
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(recordOf(written), undefined, 1)}\n`);

test.each(readdirSync(folder))("%s is no change of what is recorded of the same settings", (file) => {
  const before = JSON.parse(readFileSync(join(folder, file), "utf8")) as object;
  expect(changes(before, recordOf(recordings[file.replace(".json", "")] as Written))).toEqual([]);
});
