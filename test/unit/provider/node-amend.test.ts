import { expect, test, vi } from "vitest";
import { outcomes } from "../../../components/node/outcomes";
import { nodeStateHandler } from "../../../provider/node-state";
import type { Context } from "../../../provider/resource";
import { pool } from "../../../provider/ssh/pool";
import type { Session } from "../../../provider/ssh/session";

const settings = (count: number) => ({
  node: "node1",
  owner: "pods",
  connection: { host: "192.0.2.1" },
  state: { routes: [{ to: "10.244.1.0/24", via: "192.0.2.2", count }] },
  windowSeconds: 17,
});

test("a change that needs no look at the node has the resource's own window", async () => {
  const scripts: string[] = [];
  const run = async (script: string) => {
    scripts.push(script);
    return { code: outcomes.committed, stdout: "", stderr: "" };
  };
  vi.spyOn(pool, "use").mockResolvedValue({ run, hostKey: "key" } as unknown as Session);
  const context = {
    preview: false,
    signal: new AbortController().signal,
    status: () => undefined,
    log: () => undefined,
  };
  await nodeStateHandler.update(
    "node1/pods",
    settings(1),
    { manifest: "0".repeat(64) },
    settings(2),
    context as unknown as Context,
  );
  expect(scripts).toHaveLength(1);
  expect(scripts[0]).toContain("$((uptime + 17))");
});
