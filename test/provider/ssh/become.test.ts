import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure, plainUser, startSshd } from "./sshd";
import { sshWorld } from "./world";

const world = sshWorld();
const { folder, key } = world;

describe("become", () => {
  test("of a user whom sudo asks for a password is an error that says what to allow", async () => {
    // A sudo that answers as the real one does; which one is installed here must not matter.
    const bin = join(folder.path, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "sudo"), "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n", { mode: 0o755 });
    const asking = await startSshd(folder.path, key, [`SetEnv PATH=${bin}:/usr/bin:/bin`]);
    const session = await world.pool.use(asking.connection({ user: plainUser, become: true }), {});
    const error = await failure(session.run("id -u"));
    expect(error.kind).toBe("sudo");
    expect(error.retriable).toBe(false);
    expect(error.message).toContain(`${plainUser} ALL=(root) NOPASSWD: /bin/sh -s`);
    await asking.stop();
  });

  test("runs scripts, and receives files, by sudo -n", async () => {
    const bin = join(folder.path, "willing");
    mkdirSync(bin);
    const willing = '#!/bin/sh\ntest "$1" = -n || exit 1\nshift\nBECAME=root exec "$@"\n';
    writeFileSync(join(bin, "sudo"), willing, { mode: 0o755 });
    const node = await startSshd(folder.path, key, [`SetEnv PATH=${bin}:/usr/bin:/bin`]);
    const session = await world.pool.use(node.connection({ user: plainUser, become: true }), {});
    expect(await session.run("echo $BECAME; exit 3")).toEqual({ code: 3, stdout: "root\n", stderr: "" });
    const from = join(folder.path, "for-root");
    writeFileSync(from, "bytes");
    await session.push(from, "/tmp/.podnet-became", "0600");
    expect((await session.run("cat /tmp/.podnet-became; rm /tmp/.podnet-became")).stdout).toBe("bytes");
    await node.stop();
  });

  test("without sudo on the node is the same error", async () => {
    const bare = await startSshd(folder.path, key, [`SetEnv PATH=${join(folder.path, "empty")}`]);
    const session = await world.pool.use(bare.connection({ user: plainUser, become: true }), {});
    expect((await failure(session.run("exit 0"))).message).toContain("sudo: not found");
    await bare.stop();
  });

  test("of root needs no sudo", async () => {
    const session = await world.pool.use(world.sshd.connection({ become: true }), {});
    expect((await session.run("id -u")).stdout).toBe("0\n");
  });
});
