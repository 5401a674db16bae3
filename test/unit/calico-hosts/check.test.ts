import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { changes, rules } from "../../../components/calico-hosts/changes";
import { calicoHostsSettings } from "../../../components/calico-hosts/settings";
import { networkChanges } from "../../../components/changes";
import { recorded } from "../../../components/network-nodes/record";
import { paths } from "../setting-paths";
import { rack, read, refusal, type Written, warnings } from "./read";

const etcd: Written["datastore"] = { type: "etcd", endpoints: ["http://198.18.0.5:2379"] };
const plain: Written = { nodes: rack, orchestrator: { type: "hosts" }, datastore: etcd };
const docker: Written = { ...plain, orchestrator: { type: "docker" }, podCidr: "10.244.0.0/16" };

describe("what is dead", () => {
  test.each(["docker", "mesos"] as const)("%s is only made with legacy, and then said once", (type) => {
    const written: Written = { ...docker, orchestrator: { type } };
    expect(refusal(written)).toContain(`Calico ships nothing for ${type} since v2.6.12`);
    const said = warnings({ ...written, legacy: true });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("gets no fixes");
  });

  test("what is alive needs no such word, and gets no warning", () => {
    expect(warnings(plain)).toEqual([]);
    expect(refusal({ ...docker, legacy: true, version: "v3.32.1" })).toContain(
      "v2.6.12 was the last release for docker",
    );
  });
});

describe("settings that cannot be", () => {
  test.each<[string, Written, string]>([
    [
      "a failsafe list without SSH",
      { ...plain, felix: { failsafe: { inbound: "tcp/6443" } } },
      "tcp/22 could be closed by a policy: SSH of node1, node2, node3",
    ],
    [
      "a failsafe list without etcd",
      { ...plain, felix: { failsafe: { outbound: ["udp/53", "tcp/6443"] } } },
      "tcp/2379 could be closed by a policy: etcd",
    ],
    [
      "members of an etcd that a policy could part",
      { ...plain, datastore: { type: "etcd", members: ["node1", "node2", "node3"], peerPort: 2480 } },
      "tcp/2480 could be closed by a policy: etcd",
    ],
    ["no etcd", { ...plain, datastore: { type: "etcd" } }, "no etcd is named"],
    [
      "two members",
      { ...plain, datastore: { type: "etcd", members: ["node1", "node2"] } },
      "bears no more failures than one less",
    ],
    [
      "a member that is no node",
      { ...plain, datastore: { type: "etcd", members: ["node9"] } },
      "there is no node node9",
    ],
    [
      "TLS without certificates",
      { ...plain, datastore: { type: "etcd", endpoints: ["https://198.18.0.5:2379"] } },
      "no certificates are named",
    ],
    [
      "OpenStack without etcd",
      {
        ...plain,
        orchestrator: { type: "openstack", controllers: ["node1"] },
        datastore: { type: "kubernetes", kubeconfig: "/etc/kube" },
      },
      "openstack keeps its resources in etcd",
    ],
    [
      "a controller that is no node",
      { ...plain, orchestrator: { type: "openstack", controllers: ["node9"] } },
      "there is no node node9",
    ],
    [
      "policy of a cluster said here",
      { ...plain, datastore: { type: "kubernetes", kubeconfig: "/etc/kube" }, tiers: { t: { order: 1 } } },
      "say tiers in the CalicoNetwork of that cluster",
    ],
    [
      "addresses that nobody takes",
      { ...plain, podCidr: "10.244.0.0/16" },
      "hosts takes no addresses from Calico's pools",
    ],
    ["no addresses for containers", { ...docker, legacy: true, podCidr: [] }, "docker has one IPv4 range"],
    ["addresses of the nodes' own", { ...docker, legacy: true, podCidr: "198.18.0.0/16" }, "overlaps segment a"],
    [
      "an option of another orchestrator",
      { ...plain, orchestrator: { type: "hosts", controllers: [] } as never },
      'unknown option "controllers"',
    ],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });
});

describe("changes", () => {
  const changed = (one: Written, other: Written) =>
    changes(recorded(read(one)), recorded(read(other))).map((change) => `${change.class} ${change.path}`);

  test("every setting has a rule, and the provider knows the table", () => {
    const known = Object.keys(rules);
    const holders = (path: string) => path.split(".").map((_, index, parts) => parts.slice(0, index + 1).join("."));
    const missing = paths(calicoHostsSettings).filter(
      (path) => !holders(path).some((one) => known.includes(one) || known.includes(`${one}.*`)),
    );
    expect(missing).toEqual([]);
    expect(networkChanges["calico-hosts"]).toBe(changes);
  });

  test.each<[string, Written, Written, string[]]>([
    ["the orchestrator", plain, { ...docker, legacy: true }, ["refused orchestrator"]],
    [
      "the datastore",
      plain,
      { ...plain, datastore: { type: "kubernetes", kubeconfig: "/etc/kube" } },
      ["refused datastore"],
    ],
    [
      "etcd's members",
      { ...plain, datastore: { type: "etcd", members: ["node1"] } },
      { ...plain, datastore: { type: "etcd", members: ["node2"] } },
      ["refused datastore"],
    ],
    ["a policy", plain, { ...plain, globalPolicies: { p: { ingress: [] } } }, ["rolling globalPolicies.p"]],
    ["nothing", plain, plain, []],
  ])("%s", (_, one, other, expected) => {
    expect(changed(one, other)).toEqual(expect.arrayContaining(expected));
    if (expected.length === 0) expect(changed(one, other)).toEqual([]);
  });

  const folder = join(__dirname, "recorded");
  test.each(readdirSync(folder))("settings recorded in the past: %s", (file) => {
    const kept = JSON.parse(readFileSync(join(folder, file), "utf8")) as { written: Written; recorded: unknown };
    expect(changes(kept.recorded, recorded(read(kept.written)))).toEqual([]);
  });
});
