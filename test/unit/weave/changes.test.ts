import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Change } from "../../../components/change";
import { changes, rules } from "../../../components/weave/changes";
import { record } from "../../../components/weave/record";
import { weaveSettings } from "../../../components/weave/settings";
import { expectRecordedUnchanged, expectWholeTable } from "../table-of-changes";
import { rack, read, type Written } from "./read";

const changed = (change: Written, base: Written = {}): Change[] =>
  changes(record(read(base)), record(read({ ...base, ...change })));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`).sort();

expectWholeTable({
  network: "weave",
  schema: weaveSettings,
  rules,
  changes,
  recordedOnly: /^(name|segments|(nodes|segments)\.\*.*)$/,
  settings: 60,
});

describe("a change of", () => {
  test.each<[string, Written, Written, string[]]>([
    ["nothing", {}, {}, []],
    ["the range", {}, { podCidr: "10.40.0.0/16" }, ["refused podCidr"]],
    ["the range to a larger one", { podCidr: "10.40.0.0/16" }, { podCidr: "10.32.0.0/12" }, ["refused podCidr"]],
    ["a password that comes", {}, { password: "p" }, ["disruptive password"]],
    [
      "the release",
      {},
      { version: "2.9.1" },
      ["rolling kubernetes.images.kube", "rolling kubernetes.images.npc", "rolling version"],
    ],
    ["the way of packets", {}, { transport: { type: "sleeve" } }, ["rolling transport.type"]],
    ["the overlay for none", { mtu: 1376 }, { transport: { type: "awsvpc" } }, ["refused transport.type"]],
    ["policy that goes", {}, { policy: false }, ["disruptive policy"]],
    ["hairpin", {}, { hairpin: false }, ["rolling hairpin"]],
    ["who begins", {}, { ipamInit: "observer" }, ["refused ipamInit"]],
    ["a node that joins", { nodes: rack(2) }, { nodes: rack(3) }, ["safe nodeCount", "safe nodes.node3"]],
    [
      "an inventory that comes",
      { nodeCount: 2, underlayMtu: 1500 },
      { nodes: rack(2) },
      ["safe nodes", "safe segments"],
    ],
    [
      "an inventory that goes",
      { nodeCount: 2, underlayMtu: 1500, nodes: rack(2) },
      { nodes: undefined },
      ["refused nodes", "safe segments"],
    ],
    ["where data is", {}, { dataDirectory: "/srv/weave" }, ["refused dataDirectory"]],
  ])("%s", (_, base, change, expected) => {
    expect(classes(changed(change, base))).toEqual([...expected].sort());
  });

  test("every refusal says the way round", () => {
    const refusals = [
      ...changed({ podCidr: "10.40.0.0/16", ipamInit: "observer", dataDirectory: "/srv/weave" }),
      ...changed({ transport: { type: "awsvpc" }, kubernetes: { dbPrefix: "/db/x" } }),
      ...changes(record(read({})), { ...record(read({})), name: "other", mode: "docker", invented: 1 }),
    ].filter((change) => change.class === "refused");
    expect(refusals).toHaveLength(8);
    for (const { reason, wayRound } of refusals) expect([reason, wayRound].every(Boolean)).toBe(true);
  });

  test("with sleeve a restart stops a node's traffic, and is told so", () => {
    const [one] = changed({ logLevel: "debug" }, { transport: { type: "sleeve" } });
    expect(one?.reason).toContain("traffic to other nodes stops");
    expect(changed({ logLevel: "debug" })[0]?.reason).toContain("keep their traffic");
  });

  test("a password is told as set, and not what it is", () => {
    expect(record(read({ password: "of the door" }))).toMatchObject({ password: true });
    expect(JSON.stringify(record(read({ password: "of the door" })))).not.toContain("of the door");
  });
});

expectRecordedUnchanged(join(__dirname, "recorded"), changes, (written: Written) => record(read(written)));
