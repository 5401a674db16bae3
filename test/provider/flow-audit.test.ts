import { expect, test } from "vitest";
import { flowAudit } from "../../provider/flow-audit";
import type { Context, Properties } from "../../provider/resource";
import type { ScriptResult, SessionPool } from "../../provider/ssh/session";

const front = 'web\tfront-0\t\t10.244.0.2,\t\t{"app":"front"}\n';
const line = "1 tcp 10.244.0.2 203.0.113.9 443\n";

/** Nodes that answer by their host's name. */
const answers: Record<string, ScriptResult> = {
  good: { code: 0, stdout: `${front}== addresses\n192.0.2.1\n== connections\n${line}`, stderr: "" },
  bare: { code: 127, stdout: "", stderr: "kubectl is not installed\n" },
};
let visits = 0;
const sessions = {
  async use({ host }: { host: string }) {
    visits += 1;
    return { hostKey: `key of ${host}`, run: async () => answers[host] };
  },
} as unknown as SessionPool;

const handler = flowAudit(sessions);
const said: string[] = [];
const context = (preview = false): Context => ({
  urn: "urn:pulumi:test::podnet::podnet:index:FlowAudit::baseline",
  preview,
  signal: new AbortController().signal,
  log: (_severity, message) => said.push(message),
  status: () => {},
});
const wanted = (...hosts: string[]): Properties => ({
  name: "baseline",
  nodes: hosts.map((host) => ({ name: host, connection: { host, hostKey: { onFirstUse: true } } })),
  kubeletConfig: "/etc/kubernetes/kubelet.conf",
  baseline: { name: "baseline", selection: { names: ["web"] }, names: ["web"], closed: ["egress"], allowances: [] },
  limit: 50,
});
const cut = ["web/front → 203.0.113.9 tcp/443, egress of web is closed (1)"];

test("a preview asks no node", async () => {
  await handler.create(wanted("good"), context(true));
  expect(visits).toBe(0);
});

test("connections that would be cut are outputs and a warning; a node that cannot be read is named, and stops nobody", async () => {
  const { outputs } = await handler.create(wanted("good", "bare"), context());
  expect(outputs).toMatchObject({
    cut,
    summary: "1 of 1 live connections would be cut",
    unread: ["bare: kubectl is not installed"],
    hostKeys: { good: "key of good" },
  });
  expect(said.join("\n")).toContain(cut[0]);
  expect(said.join("\n")).toContain("could not be read on bare: kubectl is not installed");
});

test("a refresh reads again; another connection changes nothing, another baseline does", async () => {
  const inputs = wanted("good");
  const read = await handler.read("baseline", inputs, { cut: [] }, context());
  expect(read?.outputs.cut).toEqual(cut);
  const elsewhere = { ...inputs, nodes: [{ name: "good", connection: { host: "good", port: 2222 } }] };
  expect(handler.diff(inputs, {}, elsewhere, context())).toEqual({});
  expect(handler.diff(inputs, {}, { ...inputs, limit: 10 }, context())).toEqual({ limit: "update" });
});
