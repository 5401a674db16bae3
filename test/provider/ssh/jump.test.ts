import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Pool } from "../../../provider/ssh/pool";
import { holdingNode } from "./holding";
import { failure, freePort, makeKey, type Sshd, startSshd } from "./sshd";
import { sshWorld } from "./world";

const world = sshWorld();
const { folder, key } = world;

describe("a jump host", () => {
  test("carries all nodes behind it over one connection", async () => {
    const jump = await startSshd(folder.path, key);
    const nodes = await Promise.all(Array.from({ length: 4 }, () => startSshd(folder.path, key)));
    const through = (node: Sshd) => node.connection({ jump: endpoint(jump) });
    const sessions = await Promise.all([...nodes, ...nodes].map((node) => world.pool.use(through(node), {})));
    const results = await Promise.all(sessions.map((session) => session.run("echo through")));
    expect(results.every(({ stdout }) => stdout === "through\n")).toBe(true);
    expect(jump.connections()).toBe(1);
    expect(nodes.map((node) => node.connections())).toEqual([1, 1, 1, 1]);
    await world.pool.fresh(through(nodes[0] as Sshd), {});
    expect(nodes[0]?.connections()).toBe(2);
    expect(jump.connections()).toBe(1);
    await Promise.all([jump, ...nodes].map((one) => one.stop()));
  });

  test("has fewer than ten unfinished logins through it at a time", async () => {
    const jump = await startSshd(folder.path, key);
    const node = await holdingNode(readFileSync(key, "utf8"), "127.0.0.1");
    const { port, come, letGo } = node;
    const users = Array.from({ length: 20 }, (_, index) => `user${index}`);
    const logins = users.map((user) =>
      failure(world.pool.use(world.sshd.connection({ user, port, jump: endpoint(jump) }), {})),
    );
    for (const expected of [9, 18, 20]) {
      await expect.poll(come, { timeout: 30_000 }).toBe(expected);
      await sleep(300);
      expect(come()).toBe(expected);
      letGo();
    }
    expect((await Promise.all(logins)).every(({ kind }) => kind === "protocol")).toBe(true);
    node.stop();
    await jump.stop();
  });

  test("lets a node through that waits for its confirmation before those that do not answer", async () => {
    const jump = await startSshd(folder.path, key);
    const node = await holdingNode(readFileSync(key, "utf8"), "127.0.0.1");
    const { port, come, letGo } = node;
    let given = 0;
    const dead = Array.from({ length: 54 }, async (_, index) => {
      const connection = world.sshd.connection({ user: `user${index}`, port, jump: endpoint(jump) });
      await failure(world.pool.use(connection, {}));
      given += 1;
    });
    await expect.poll(come, { timeout: 30_000 }).toBe(9);
    const confirming = world.pool.fresh(world.sshd.connection({ jump: endpoint(jump) }), {});
    await setImmediate();
    // Those at it have their time; the others go on afterwards.
    letGo();
    await confirming;
    expect(given).toBeLessThan(45);
    while (given < dead.length) {
      letGo();
      await sleep(20);
    }
    await Promise.all(dead);
    node.stop();
    await jump.stop();
  });

  test("that is wrong, or cannot reach the node, is named", async () => {
    const jump = await startSshd(folder.path, key);
    const port = await freePort();
    const refused = await failure(world.pool.use(world.sshd.connection({ port, jump: endpoint(jump) }), {}));
    expect(refused.kind).toBe("refused");
    expect(refused.message).toContain(`127.0.0.1:${port} via root@127.0.0.1:${jump.port}`);
    const wrong = { ...endpoint(jump), key: { file: makeKey(join(folder.path, "not_for_jump")) } };
    const other = new Pool();
    const denied = await failure(other.use(world.sshd.connection({ jump: wrong }), {}));
    expect(denied.kind).toBe("authentication");
    expect(denied.message).toContain(`root@127.0.0.1:${jump.port}: sshd does not accept the key`);
    const untold = { ...endpoint(jump), hostKey: { onFirstUse: true as const } };
    expect((await failure(other.use(world.sshd.connection({ jump: untold }), {}))).message).toContain("Use { pinned }");
    await jump.stop();
  });

  test("answers in a node's place, and is found out by the host key before anything is sent", async () => {
    const jump = await startSshd(folder.path, key);
    const [node, impostor] = [await startSshd(folder.path, key), await startSshd(folder.path, key)];
    const expected = { pinned: node.hostKeys.ed25519 as string };
    const through = { jump: endpoint(jump), hostKey: expected };
    const error = await failure(world.pool.use(impostor.connection(through), {}));
    expect(error.kind).toBe("hostKey");
    expect(impostor.logins()).toBe(0);
    expect((await world.pool.use(node.connection(through), {})).hostKey).toBe(expected.pinned);
    await Promise.all([jump, node, impostor].map((one) => one.stop()));
  });

  test("that forwards nothing says which setting of sshd allows it", async () => {
    const jump = await startSshd(folder.path, key, ["AllowTcpForwarding no"]);
    const error = await failure(world.pool.use(world.sshd.connection({ jump: endpoint(jump) }), {}));
    expect(error.message).toContain("Set AllowTcpForwarding yes");
    await jump.stop();
  });
});

function endpoint({ port, hostKeys }: Sshd) {
  return { host: "127.0.0.1", port, key: { file: key }, hostKey: { pinned: hostKeys.ed25519 as string } };
}
