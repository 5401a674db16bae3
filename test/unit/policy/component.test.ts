import { afterAll, beforeAll, expect, test } from "vitest";
import { CanalNetwork, Inventory, Peer, PolicyBaseline, type PolicyBaselineArgs, Port } from "../../../components";
import { twoSegments } from "../reader";
import { recording } from "../recording";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

/** What the engine's own stand-in waits with; the SDK does not say its type. */
const { waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as { waitForRPCs(): Promise<void> };

async function make(name: string, args: Partial<PolicyBaselineArgs> = {}): Promise<PolicyBaseline> {
  const made = new PolicyBaseline(name, { namespaces: { names: ["web", "shop"] }, cni: "canal", ...args });
  await waitForRPCs();
  return made;
}

test("an audit applies nothing, and shows what it would apply", async () => {
  const { policies, audit } = await make("audited");
  expect(policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
    "shop/audited",
    "web/audited",
  ]);
  expect(engine.of("NetworkPolicy", "audited")).toEqual([]);
  expect(audit).toBeUndefined();
});

test("with nodes an audit reads their connections; enforced, it is gone and the policies come", async () => {
  const nodes = Inventory.of(twoSegments);
  expect((await make("read", { nodes })).audit).toBeDefined();
  expect(engine.of("FlowAudit", "read")[0]?.inputs).toMatchObject({ nodes: [{ name: "node1" }, {}, {}], limit: 50 });
  expect((await make("done", { nodes, migrate: "enforce" })).audit).toBeUndefined();
  expect(engine.of("NetworkPolicy", "done").map(({ name }) => name)).toEqual(["done/shop/done", "done/web/done"]);
});

test("policies come after the network that reads them, whose type says what it does not enforce", async () => {
  const network = new CanalNetwork("below", { crds: "present", podCidr: "10.244.0.0/16" });
  const openings = {
    monitoring: { namespace: "monitoring", ports: Port.tcp("metrics") },
    others: { db: { to: Peer.range("10.0.0.0/24"), ports: [Port.tcp(5432), Port.sctp(5000)] } },
  };
  const { warnings } = await make("above", {
    cni: undefined,
    network,
    openings,
    migrate: "enforce",
    form: "GlobalNetworkPolicy",
  });
  expect(warnings).toEqual([]);
  expect(engine.of("GlobalNetworkPolicy", "above").map(({ name }) => name)).toEqual(["above/default.above"]);
  expect(engine.waitsFor("above/default.above")).toContain("below/kube-system/canal");
});

test("wrong settings make no resource at all", () => {
  expect(() => new PolicyBaseline("refused", { profile: "strict" })).toThrow(/^PolicyBaseline "refused": \d problem/);
  expect(engine.all().filter(({ type, name }) => name === "refused" && !type.endsWith(":PolicyBaseline"))).toEqual([]);
});
