import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeState } from "../../../components/node/state";
import { differences, refusalDifferences, said } from "../../lab/replay/compare";
import type { Sight } from "../../lab/replay/stage";

const recorded = (name: string) => readFileSync(join(__dirname, `../commands/diff/recorded/${name}.json`), "utf8");

interface Step {
  op: string;
  oldState?: { urn: string; type: string; inputs: Record<string, unknown> };
  newState?: Step["oldState"];
}

/** The two sights that a preview promises. */
function promised(preview: string): [Sight, Sight] {
  const { steps } = JSON.parse(preview) as { steps: Step[] };
  const sight = (side: "oldState" | "newState"): Sight => {
    const states = steps.flatMap((step) => (step[side] ? [{ op: step.op, ...step[side] }] : []));
    const resources = states.map(({ op, urn, inputs }) => {
      const modified = side === "newState" && op !== "same" ? "later" : "first";
      return [urn, { urn, created: "first", modified, outputs: { lastChange: "disruptive" }, inputs }] as const;
    });
    const nodes = states
      .filter(({ type }) => type === "podnet:index:NodeState")
      .map(({ inputs }) => {
        const committed = nodeState.parse(inputs.state);
        return [
          String(inputs.node),
          { text: JSON.stringify(committed), committed: new Map([[String(inputs.owner), committed]]) },
        ] as const;
      });
    return {
      nodes: new Map(nodes),
      objects: new Map(),
      resources: new Map(resources) as unknown as Sight["resources"],
    };
  };
  return [sight("oldState"), sight("newState")];
}

const preview = recorded("disruptive-mtu");

test("an update that did what its preview said has no difference", () => {
  expect(differences(said(preview), ...promised(preview))).toEqual([]);
});

test("what was not done, what was done besides, and another danger are told where they are", () => {
  const [before, after] = promised(preview);
  after.nodes.set("node2", before.nodes.get("node2") as never);
  const record = [...after.resources.values()].find(({ urn }) => urn.includes("NetworkRecord"));
  if (record) record.outputs.lastChange = "rolling";
  after.resources.set("urn:pulumi:test::podnet::x:y:Z::surprise", { created: "later" } as never);
  expect(differences(said(preview), before, after)).toEqual([
    "urn:pulumi:test::podnet::x:y:Z::surprise: the preview says same, and it was create",
    "pods on node2: the preview says ~1 file, ~1 link, and the node has no change",
    "node2: the preview says that it changes, and the node is the same",
    "pods: the preview says disruptive, and it was rolling",
  ]);
});

test("what another network on the same node was given without a word is told", () => {
  const [before, after] = promised(preview);
  after.nodes.get("node1")?.committed.set("other", nodeState.parse({ modules: ["vxlan"] }));
  expect(differences(said(preview), before, after)).toEqual(
    expect.arrayContaining(["other on node1: the preview says no change, and the node has +1 module"]),
  );
});

describe("a change that was called safe", () => {
  const parent = "urn:pulumi:test::podnet::podnet:index:Any::own";
  const step = (urn: string, before: object | undefined, after: object | undefined) => ({
    op: before ? (after ? "update" : "delete") : "create",
    urn: `urn:pulumi:test::podnet::${urn}`,
    ...(before && { oldState: { urn, parent, inputs: before } }),
    ...(after && { newState: { urn, parent, inputs: after } }),
  });
  const record = (network: string, before: object, after: object) =>
    step("podnet:index:NetworkRecord::own", { network, settings: before }, { network, settings: after });
  /** What is told when the cluster did as the preview said. */
  const told = (steps: ReturnType<typeof step>[], type: string) => {
    const [before, after] = (["oldState", "newState"] as const).map((side) => ({
      nodes: new Map(),
      objects: new Map(
        steps.flatMap((one) => (one.urn.includes(type) && one[side] ? [[`${type} own`, one[side].inputs]] : [])),
      ),
      resources: new Map(),
    })) as unknown as [Sight, Sight];
    const all = differences(said(JSON.stringify({ steps })), before, after);
    return all.filter((line) => line.includes("is safe, and"));
  };

  test("starts no pods again without a word of it", () => {
    const type = "kubernetes:apps/v1:DaemonSet";
    const flannel = (image: string) => ({ kind: "DaemonSet", spec: { template: { spec: { image } } } });
    const changed = (before: object, after: object, image = "b") =>
      told([record("flannel", before, after), step(`${type}::own`, flannel("a"), flannel(image))], type);
    const backend = { type: "vxlan" };
    const opened = [
      { backend, openPorts: false },
      { backend, openPorts: true },
    ] as const;
    expect(changed(...opened)).toEqual([expect.stringContaining("its pods are started again")]);
    expect(changed(...opened, "a")).toEqual([]);
    expect(changed({ backend, mtu: 1500 }, { backend, mtu: 1400 })).toEqual([]);
    expect(changed({ backend, version: "0.28.4" }, { backend, version: "0.28.9" })).toEqual([]);
  });

  test("of a baseline closes no connection", () => {
    const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
    const closed = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "own", namespace: "shop" },
      spec: { podSelector: {}, policyTypes: ["Ingress"] },
    };
    const made = (before: object, after: object) =>
      told([record("policy", before, after), step(`${type}::own`, undefined, closed)], type);
    const settings = { migrate: "enforce", profile: "default-deny" };
    expect(made({ ...settings, cni: "calico" }, { ...settings, cni: "canal" })).toEqual([
      expect.stringContaining("the baseline's change is safe, and there is closed"),
    ]);
    expect(made({ ...settings, migrate: "audit" }, settings)).toEqual([]);
  });
});

test("a refusal that changes something is told", () => {
  const [before, after] = promised(preview);
  expect(refusalDifferences(1, before, before)).toEqual([]);
  expect(refusalDifferences(0, before, after)).toEqual([
    "the preview was refused, and the update was done",
    "the preview was refused, and node1 was changed",
    "the preview was refused, and node2 was changed",
    "the preview was refused, and node3 was changed",
  ]);
});
