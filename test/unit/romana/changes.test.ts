import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Change } from "../../../components/change";
import { changes, rules } from "../../../components/romana/changes";
import { record } from "../../../components/romana/record";
import { romanaSettings } from "../../../components/romana/settings";
import { expectRecordedUnchanged, expectWholeTable } from "../table-of-changes";
import { rack, read, type Written } from "./read";

const programs: Written = { legacy: true };
const plugins: Written = { attach: "cni", nodes: rack, podCidr: "10.244.0.0/16" };
const changed = (change: Written, base: Written): Change[] =>
  changes(record(read(base)), record(read({ ...base, ...change })));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`).sort();

expectWholeTable({
  network: "romana",
  schema: romanaSettings,
  rules,
  changes,
  recordedOnly: /^(name|segments|(nodes|segments)\.\*.*)$/,
  settings: 45,
});

describe("a change of", () => {
  test.each<[string, Written, Written, string[]]>([
    ["nothing", programs, {}, []],
    ["who attaches pods", { ...plugins, legacy: true }, { attach: "romana" }, ["refused attach", "safe programs"]],
    [
      "the range with Romana's programs",
      { legacy: true, podCidr: "10.112.0.0/13" },
      { podCidr: "10.112.0.0/12" },
      ["refused networks", "refused podCidr"],
    ],
    [
      "the range to one that contains it",
      plugins,
      { podCidr: "10.244.0.0/15" },
      ["refused networks", "rolling podCidr"],
    ],
    ["a subnet's size", plugins, { nodePrefix: 25 }, ["refused nodePrefix"]],
    ["the topology", programs, { topology: { type: "groups", groups: 4 } }, ["refused topology"]],
    [
      "services with Romana's programs",
      programs,
      { serviceCidr: "172.20.0.0/16" },
      ["disruptive programs.serviceAddresses", "disruptive serviceCidr"],
    ],
    ["services without", plugins, { serviceCidr: "172.20.0.0/16" }, ["safe serviceCidr"]],
    [
      "the release",
      programs,
      { programs: { version: "v2.0.1" } },
      ["rolling programs.images", "rolling programs.version"],
    ],
    ["masquerading", plugins, { masquerade: false }, ["rolling masquerade"]],
    [
      "an address of a service",
      plugins,
      { vips: { "a/b": { ip: "198.18.0.99", node: "node1" } } },
      ["disruptive vips.a/b"],
    ],
  ])("%s", (_, base, change, expected) => {
    expect(classes(changed(change, base)).filter((one) => !one.includes(" routing"))).toEqual([...expected].sort());
  });

  test("a node that joins disturbs nobody; with Romana's programs somebody must tell them", () => {
    const more = structuredClone(rack);
    more.nodes.node4 = { connection: { host: "198.18.0.14" }, nic: "eth0" };
    expect(classes(changed({ nodes: more }, plugins))).toEqual(["safe nodes.node4"]);
    const [one] = changed({ nodes: more }, { ...programs, nodes: rack });
    expect(one).toMatchObject({ class: "rolling", reason: expect.stringContaining("POST /hosts") });
  });

  test("every refusal says the way round", () => {
    const refusals = [
      ...changed({ nodePrefix: 25, podCidr: "10.250.0.0/16" }, plugins),
      ...changed({ programs: { etcd: { dataDirectory: "/srv/etcd" } } }, programs),
      ...changes(record(read(programs)), { ...record(read(programs)), name: "other", invented: 1 }),
    ].filter((change) => change.class === "refused");
    expect(refusals.length).toBeGreaterThan(5);
    for (const { reason, wayRound } of refusals) expect([reason, wayRound].every(Boolean)).toBe(true);
  });
});

expectRecordedUnchanged(join(__dirname, "recorded"), changes, (written: Written) => record(read(written)));
