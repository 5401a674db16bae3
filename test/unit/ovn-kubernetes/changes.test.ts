import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Change } from "../../../components/change";
import { changes, rules } from "../../../components/ovn-kubernetes/changes";
import { record } from "../../../components/ovn-kubernetes/record";
import { ovnKubernetesSettings } from "../../../components/ovn-kubernetes/settings";
import { expectRecordedUnchanged, expectWholeTable } from "../table-of-changes";
import { charted, needed, rack, read, type Written } from "./read";

const changed = (change: Written, base: Written = {}): Change[] =>
  changes(record(read(base)), record(read({ ...base, ...change })));
const classes = (list: Change[]) => list.map((change) => `${change.class} ${change.path}`).sort();

expectWholeTable({
  network: "ovn-kubernetes",
  schema: ovnKubernetesSettings,
  rules,
  changes,
  recordedOnly: /^(name|install|segments|(nodes|segments)\.\*.*)$/,
  settings: 60,
});

describe("a change of", () => {
  const local: Written = { gateway: { ...needed.gateway, mode: "local" } };
  const named = rack(1, "eth0");
  const egressIps = { sha256: "a".repeat(64), localPath: "k8s.ovn.org_egressips.yaml" };
  test.each<[string, Written, Written, string[]]>([
    ["nothing", {}, {}, []],
    ["the range", {}, { podCidr: "10.40.0.0/16" }, ["refused podCidr"]],
    ["the range to a larger one", {}, { podCidr: "10.244.0.0/15" }, ["rolling podCidr"]],
    ["a node's part", {}, { nodePrefix: { ipv4: 25 } }, ["refused nodePrefix"]],
    ["OVN's own range", {}, { subnets: { joinIpv4: "100.65.0.0/16" } }, ["refused subnets"]],
    ["a release of the same line", {}, { version: "1.0.1" }, ["rolling version"]],
    ["Geneve's port", {}, { encapPort: 6082 }, ["disruptive encapPort"]],
    ["the way out", {}, local, ["disruptive gateway.mode"]],
    ["who moves the NIC", { nodes: named }, { gateway: { bridge: "made" } }, ["disruptive gateway.bridge"]],
    ["a firewall that goes", {}, { features: { egressFirewall: false } }, ["disruptive features.egressFirewall"]],
    ["a feature that comes", {}, { features: { multicast: true } }, ["rolling features.multicast"]],
    ["identities that go", {}, { identity: { enabled: false } }, ["disruptive identity.enabled"]],
    ["a node that joins", { nodes: rack(2) }, { nodes: rack(3) }, ["safe nodes.node3"]],
    ["an inventory that comes", { mtu: 1400 }, { nodes: named }, ["safe nodes", "safe segments"]],
    [
      "an inventory that goes",
      { mtu: 1400, nodes: named },
      { nodes: undefined },
      ["disruptive nodes", "safe segments"],
    ],
    ["definitions that others keep", { crds: [egressIps] }, { crds: "present" }, ["disruptive crds"]],
    ["another file of definitions", { crds: [egressIps] }, { crds: [{ ...egressIps, localPath: "x" }] }, ["safe crds"]],
    ["logs", {}, { logs: { level: 5 } }, ["rolling logs"]],
    ["the cluster's version", {}, { kubernetesVersion: "1.30" }, ["safe kubernetesVersion"]],
  ])("%s", (_, base, change, expected) => {
    expect(classes(changed(change, base))).toEqual([...expected].sort());
  });

  test("1.0 for 1.3 is refused: two owners of the same names would meet", () => {
    const list = changed(charted);
    expect(classes(list)).toContain("refused version");
    expect(list.find(({ path }) => path === "version")?.wayRound).toContain("destroy the network");
  });

  test("every refusal says the way round", () => {
    const refusals = [
      ...changed({ podCidr: "10.40.0.0/16", serviceCidr: "10.97.0.0/16", nodePrefix: { ipv4: 25 } }),
      ...changed({ features: { hybridOverlay: ["10.200.0.0/16/24"] } }),
      ...changes(record(read({})), { ...record(read({})), name: "other", openvswitch: "pod", invented: 1 }),
    ].filter((change) => change.class === "refused");
    expect(refusals).toHaveLength(7);
    for (const { reason, wayRound } of refusals) expect([reason, wayRound].every(Boolean)).toBe(true);
  });

  test("a key of one's own is told as set, and not what it is", () => {
    const certificate = { certificate: "c", key: "of the door", authority: "a" };
    expect(record(read({ identity: { certificate } }))).toMatchObject({ identity: { certificate: { key: true } } });
    expect(JSON.stringify(record(read({ identity: { certificate } })))).not.toContain("of the door");
  });
});

expectRecordedUnchanged(join(__dirname, "recorded"), changes, (written: Written) => record(read(written)));
