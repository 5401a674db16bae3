import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConnectionInput } from "../../components/node/connection";
import { Plugin } from "./plugin";
import { freePort, makeKey, plainUser, publicKey, type Sshd, startSshd, workspace } from "./ssh/sshd";

const folder = workspace();
const key = makeKey(join(folder.path, "key"));
const otherKey = makeKey(join(folder.path, "other"));
let plugin: Plugin;
let sshd: Sshd;

beforeAll(async () => {
  sshd = await startSshd(folder.path, key, [`SetEnv PATH=${join(folder.path, "empty")}`]);
  plugin = await Plugin.start();
});
afterAll(async () => {
  plugin.stop();
  await sshd.stop();
  folder.remove();
});

/** What removing a node says that is to be forgotten when it cannot be reached. */
async function removal(settings: Partial<ConnectionInput>): Promise<string> {
  const known = { node: "node1", owner: "pods", connection: sshd.connection(settings), state: {} };
  const removed = plugin.delete("NodeState", "node1/pods", { ...known, onUnreachable: "forget" }, {});
  return removed.then(
    () => "forgotten",
    (error: Error) => error.message,
  );
}

describe('onUnreachable: "forget"', () => {
  test("forgets a node where nothing answers, and says so", async () => {
    expect(await removal({ port: await freePort() })).toBe("forgotten");
    expect(plugin.said.at(-1)?.message).toMatch(/node1 cannot be reached and is forgotten as it is: .*nothing listens/);
  });

  const jump = (port: number, file = key) => ({
    ...{ host: "127.0.0.1", port, key: { file }, hostKey: { pinned: sshd.hostKeys.ed25519 as string } },
  });
  const here: [string, () => Promise<Partial<ConnectionInput>>, RegExp][] = [
    ["a key that the node does not accept", async () => ({ key: { file: otherKey } }), /does not accept the key/],
    ["another host key", async () => ({ hostKey: { pinned: publicKey(otherKey) } }), /host key/],
    ["a user without sudo", async () => ({ user: plainUser, become: true }), /sudo/],
    ["a key file that is not there", async () => ({ key: { file: "/nowhere/key" } }), /\/nowhere\/key/],
    ["a bastion that is down", async () => ({ jump: jump(await freePort()) }), /nothing listens/],
    ["a bastion that does not accept the key", async () => ({ jump: jump(sshd.port, otherKey) }), /does not accept/],
  ];
  test.each(here)("forgets nothing for %s", async (_, settings, reason) => {
    expect(await removal(await settings())).toMatch(reason);
  });
});
