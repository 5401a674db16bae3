import { join } from "node:path";
import type { ServiceError } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeState } from "../../../components/node/state";
import { awaitConfirmation } from "../../../provider/node-confirm";
import { readNode } from "../../../provider/node-facts";
import type { Reach } from "../../../provider/node-reach";
import { Pool } from "../../../provider/ssh/pool";
import { Plugin } from "../plugin";
import type { HostileNode } from "../ssh/hostile";
import { makeKey, workspace } from "../ssh/sshd";
import { Box } from "./box";
import { boxedNode } from "./boxed";
import { change } from "./changes";

const folder = workspace();
const key = makeKey(join(folder.path, "key"));
let box: Box;
let node: HostileNode;

beforeEach(async () => {
  box = await Box.open();
  node = await boxedNode(box, key);
});
afterEach(async () => {
  await node.stop();
  box.close();
});
afterAll(() => folder.remove());

const isPending = async () => (await box.run("[ -e /var/lib/podnet/pending/pid ]")).code === 0;
const windowSeconds = 60;

describe("Ctrl-C", () => {
  const state = { iptables: [{ chain: "FORWARD", rule: ["-j", "ACCEPT"] }], files: [{ path: "/opt/x", content: "x" }] };
  const rules = [{ priority: 1000, from: "10.9.0.0/16", table: 77 }];

  /** An iptables that inserts a rule when it is let; answers what a run says that was cancelled meanwhile. */
  async function cancelled(state: object): Promise<ServiceError> {
    const insert = "until [ -e /run/let ]; do /usr/bin/sleep 0.05; done";
    const iptables = `#!/bin/sh\\ncase $* in *-I*) ${insert} ;; *-D*) ;; *) exit 1 ;; esac\\n`;
    await box.say(`mkdir -p /opt/bin; printf '${iptables}' > /opt/bin/iptables`);
    await box.say("chmod +x /opt/bin/iptables");
    const plugin = await Plugin.start();
    const args = { node: "node1", owner: "pods", connection: node.connection(), state, windowSeconds };
    const run = plugin.create("NodeState", args).catch((error) => error);
    await expect.poll(isPending, { timeout: 60_000, interval: 50 }).toBe(true);
    await plugin.cancel();
    const error = await run;
    plugin.stop();
    return error;
  }

  test("while a change is made that nobody has to confirm: it is made, and the resource is kept", async () => {
    const error = await cancelled(state);
    expect(error.message).toContain(
      "cancelled while the change was made, which nobody had to confirm; the node ends it",
    );
    // With details, the engine keeps the resource: what is made must not be forgotten.
    expect(error.metadata.get("grpc-status-details-bin")).toHaveLength(1);
    await box.say("touch /run/let");
    await expect.poll(isPending, { timeout: 60_000 }).toBe(false);
    expect(await box.say("cat /opt/x; ls /var/lib/podnet")).toBe("xREADME\nboot.sh\npods\n");
  });

  test("while a change waits for its confirmation: the node undoes it", async () => {
    const endWindow = await box.holdSleep(windowSeconds);
    const error = await cancelled({ ...state, rules });
    expect(error.message).toContain("waited for confirmation; the node undoes it by itself within 60 s");
    await endWindow();
    await expect.poll(isPending, { timeout: 60_000 }).toBe(false);
    expect(await box.say("ls /opt /var/lib; ip rule show table 77")).toBe("/opt:\nbin\n\n/var/lib:\n");
  });
});

describe("a change that took longer than its window, and whose connection was lost then, is looked at all the same", () => {
  const pool = new Pool();
  const reach = (): Reach => ({
    ...{ node: "node1", owner: "test", connection: node.connection(), recordedHostKey: undefined, pool },
    context: {
      ...{ urn: "", preview: false, signal: new AbortController().signal },
      ...{ log: () => undefined, status: () => undefined },
    },
  });
  const longAgo = () => performance.now() - 100_000;
  afterEach(() => pool.closeAll());

  test("and it is done when the node has committed it", async () => {
    const before = await readNode(reach(), [nodeState.parse({})]);
    const { script, sent } = change({ token: "a1", content: "one", confirmed: false });
    await box.run(script);
    await awaitConfirmation(reach(), sent, longAgo(), before);
  });

  test("and says what was seen when it has not", async () => {
    const before = await readNode(reach(), [nodeState.parse({})]);
    const { sent } = change({ token: "a1", content: "one", confirmed: false });
    await expect(awaitConfirmation(reach(), sent, longAgo(), before)).rejects.toThrow("rolled back, node reachable");
  });
});
