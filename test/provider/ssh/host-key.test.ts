import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failure, makeKey, publicKey } from "./sshd";
import { sshWorld } from "./world";

const world = sshWorld();
const { folder } = world;

describe("a host key", () => {
  test("that is pinned is accepted in each type, and another is refused with both fingerprints", async () => {
    for (const type of ["ed25519", "ecdsa", "rsa"]) {
      const pinned = world.sshd.hostKeys[type] as string;
      const session = await world.pool.use(world.sshd.connection({ hostKey: { pinned: `${pinned} a comment` } }), {});
      expect(session.hostKey).toBe(pinned);
      world.pool.closeAll();
    }
    const other = publicKey(makeKey(join(folder.path, "other_host")));
    const error = await failure(world.pool.use(world.sshd.connection({ hostKey: { pinned: other } }), {}));
    expect(error.kind).toBe("hostKey");
    expect(error.retriable).toBe(false);
    for (const known of [world.sshd.hostKeys.ed25519 as string, other])
      expect(error.message).toContain(fingerprint(known));
    expect(error.message).toContain("change hostKey.pinned");
  });

  test("is found in known_hosts, also hashed, by port, and by a pattern", async () => {
    const line = world.sshd.hostKeys.ecdsa as string;
    const [plain, hashed] = [join(folder.path, "known"), join(folder.path, "known_hashed")];
    writeFileSync(plain, `# a comment\n\nelsewhere ssh-ed25519 AAAA\n[127.0.0.1]:${world.sshd.port} ${line}\n`);
    writeFileSync(hashed, readFileSync(plain));
    execFileSync("ssh-keygen", ["-q", "-H", "-f", hashed], { stdio: "ignore" });
    expect(readFileSync(hashed, "utf8")).not.toContain("127.0.0.1");
    const pattern = join(folder.path, "known_pattern");
    writeFileSync(pattern, `!127.0.0.2,127.0.0.* ${line}\n`);
    for (const knownHosts of [plain, hashed, pattern]) {
      const session = await world.pool.use(world.sshd.connection({ hostKey: { knownHosts } }), {});
      expect(session.hostKey).toBe(line);
      world.pool.closeAll();
    }
  });

  test("that known_hosts does not have is refused with the line to add", async () => {
    const knownHosts = join(folder.path, "known_none");
    const error = await failure(world.pool.use(world.sshd.connection({ hostKey: { knownHosts } }), {}));
    expect(error.kind).toBe("hostKey");
    const line = /append the line "([^"]+)"/.exec(error.message)?.[1];
    writeFileSync(knownHosts, `${line}\n`);
    await world.pool.use(world.sshd.connection({ hostKey: { knownHosts } }), {});
  });

  test("that known_hosts has otherwise, or revoked, is refused", async () => {
    const knownHosts = join(folder.path, "known_other");
    const name = `[127.0.0.1]:${world.sshd.port}`;
    const other = publicKey(makeKey(join(folder.path, "other_known")));
    writeFileSync(knownHosts, `${name} ${other}\n`);
    const error = await failure(world.pool.use(world.sshd.connection({ hostKey: { knownHosts } }), {}));
    expect(error.message).toContain(`ssh-keygen -f ${knownHosts} -R '${name}'`);
    const lines = Object.values(world.sshd.hostKeys).flatMap((line) => [`${name} ${line}`, `@revoked ${name} ${line}`]);
    writeFileSync(knownHosts, `${lines.join("\n")}\n`);
    const revoked = await failure(world.pool.use(world.sshd.connection({ hostKey: { knownHosts } }), {}));
    expect(revoked.message).toContain("marks as revoked");
  });

  test("seen at first use is held to from then on, also where the node has several", async () => {
    const connection = world.sshd.connection({ hostKey: { onFirstUse: true } });
    const { hostKey } = await world.pool.use(connection, {});
    expect(Object.values(world.sshd.hostKeys)).toContain(hostKey);
    world.pool.closeAll();
    expect((await world.pool.use(connection, { recordedHostKey: world.sshd.hostKeys.rsa })).hostKey).toBe(
      world.sshd.hostKeys.rsa,
    );
    world.pool.closeAll();
    const other = publicKey(makeKey(join(folder.path, "other_recorded")));
    const error = await failure(world.pool.use(connection, { recordedHostKey: other }));
    expect(error.message).toContain("the record of an earlier connection says");
  });

  test("is asked for by each resource, also on a connection that another one opened", async () => {
    await world.pool.use(world.sshd.connection({ hostKey: { onFirstUse: true } }), {});
    const other = publicKey(makeKey(join(folder.path, "other_shared")));
    const error = await failure(world.pool.use(world.sshd.connection({ hostKey: { pinned: other } }), {}));
    expect(error.kind).toBe("hostKey");
  });

  test("that nobody trusts gets no login: the node sees none", async () => {
    const before = world.sshd.logins();
    const other = publicKey(makeKey(join(folder.path, "other_login")));
    await failure(world.pool.use(world.sshd.connection({ hostKey: { pinned: other } }), {}));
    expect(world.sshd.logins()).toBe(before);
  });
});

function fingerprint(line: string): string {
  const printed = execFileSync("ssh-keygen", ["-lf", "-"], { input: line, encoding: "utf8" });
  return printed.split(" ")[1] as string;
}
