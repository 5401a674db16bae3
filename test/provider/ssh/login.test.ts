import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, connect as tcpConnect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { failure, freePort, makeKey, type Sshd, startSshd } from "./sshd";
import { sshWorld } from "./world";

const world = sshWorld();
const { folder, key } = world;

afterEach(() => {
  vi.unstubAllEnvs();
});

async function login(settings: Parameters<Sshd["connection"]>[0]): Promise<string> {
  const session = await world.pool.use(world.sshd.connection(settings), {});
  return (await session.run("id -un")).stdout.trim();
}

describe("a key", () => {
  test.each(["ed25519", "ecdsa", "rsa"])("of type %s lets in", async (type) => {
    const path = makeKey(join(folder.path, `user_${type}`), type);
    const node = await startSshd(folder.path, path);
    const session = await world.pool.use(node.connection({ key: { file: path } }), {});
    expect((await session.run("id -un")).stdout).toBe("root\n");
    await node.stop();
  });

  test("comes from an environment variable or as a secret", async () => {
    const text = readFileSync(key, "utf8");
    vi.stubEnv("PODNET_TEST_KEY", text);
    expect(await login({ key: { environment: "PODNET_TEST_KEY" } })).toBe("root");
    world.pool.closeAll();
    expect(await login({ key: { secret: text } })).toBe("root");
  });

  test("comes from the agent, which is the default where one runs", async () => {
    const socket = join(folder.path, "agent");
    const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
    vi.stubEnv("SSH_AUTH_SOCK", socket);
    const added = () => spawnSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK: socket } }).status;
    await expect.poll(added, { timeout: 30_000 }).toBe(0);
    expect(await login({ key: { agent: true } })).toBe("root");
    world.pool.closeAll();
    expect(await login({ key: undefined })).toBe("root");
    agent.kill();
    await once(agent, "exit");
  });

  test("with a passphrase is opened by the environment variable that holds it", async () => {
    const path = makeKey(join(folder.path, "locked"), "ed25519", "open sesame");
    const node = await startSshd(folder.path, path);
    const file = (more: object) => node.connection({ key: { file: path, ...more } });
    expect((await failure(world.pool.use(file({}), {}))).message).toContain("is encrypted. Set passphraseEnvironment");
    const passphraseEnvironment = "PODNET_TEST_PASSPHRASE";
    expect((await failure(world.pool.use(file({ passphraseEnvironment }), {}))).message).toContain("is not set");
    vi.stubEnv(passphraseEnvironment, "open barley");
    expect((await failure(world.pool.use(file({ passphraseEnvironment }), {}))).message).toContain(
      "is it the right one?",
    );
    vi.stubEnv(passphraseEnvironment, "open sesame");
    const session = await world.pool.use(file({ passphraseEnvironment }), {});
    expect((await session.run("id -un")).stdout).toBe("root\n");
    await node.stop();
  });

  test("that cannot be had is an error that names it, and nothing is dialled", async () => {
    const before = world.sshd.connections();
    const missing = join(folder.path, "missing");
    const text = "not a key at all";
    const words: [Parameters<typeof login>[0], string][] = [
      [{ key: { file: missing } }, `key.file ${missing} cannot be read (ENOENT)`],
      [{ key: { environment: "PODNET_NO_SUCH" } }, "the variable PODNET_NO_SUCH is not set"],
      [{ key: { secret: text } }, "key.secret is no private key"],
      [{ key: { file: `${key}.pub` } }, "is a public key; give the private key"],
    ];
    for (const [settings, expected] of words) {
      const error = await failure(login(settings));
      expect(error.kind).toBe("authentication");
      expect(error.message).toContain(expected);
      expect(error.message).not.toContain(text);
    }
    expect(world.sshd.connections()).toBe(before);
  });

  test("that the node does not know is an error that names user and node, and is not retried", async () => {
    const error = await failure(login({ key: { file: makeKey(join(folder.path, "stranger")) } }));
    expect(error.kind).toBe("authentication");
    expect(error.retriable).toBe(false);
    expect(error.message).toContain(
      `root@127.0.0.1:${world.sshd.port}: sshd does not accept the key for the user root`,
    );
  });

  test("of a user that the node does not have is the same", async () => {
    const error = await failure(login({ user: "nobody-here" }));
    expect(error.kind).toBe("authentication");
    expect(error.message).toContain("the user nobody-here");
  });
});

describe("a node that", () => {
  test("has nothing on the port is refused", async () => {
    const port = await freePort();
    const error = await failure(login({ port }));
    expect(error.kind).toBe("refused");
    expect(error.retriable).toBe(true);
    expect(error.message).toContain(`root@127.0.0.1:${port}: nothing listens on`);
  });

  test("has a name that nobody knows is unreachable", async () => {
    const error = await failure(login({ host: "no-such-node.invalid" }));
    // Where no name server answers, it is that.
    expect(["unreachable", "way"]).toContain(error.kind);
    expect(error.message).toContain("the name no-such-node.invalid has no address");
  });

  test("says nothing is given up after connectTimeoutSeconds", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as { port: number };
    const started = Date.now();
    const error = await failure(login({ port, connectTimeoutSeconds: 3 }));
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(error.kind).toBe("timeout");
    expect(error.message).toContain("no SSH login within 3 s (connectTimeoutSeconds); the TCP connection was made");
    silent.close();
  });

  test("takes no more unfinished logins is tried again until it does", async () => {
    const busy = await startSshd(folder.path, key, ["MaxStartups 3"]);
    const held = Array.from({ length: 3 }, () => tcpConnect(busy.port, "127.0.0.1"));
    await Promise.all(held.map((socket) => once(socket, "data")));
    const full = await failure(world.pool.use(busy.connection({ connectTimeoutSeconds: 4 }), {}));
    expect(full.kind).toBe("lost");
    expect(full.message).toContain("beyond MaxStartups unfinished logins");
    const before = busy.dropped();
    const session = world.pool.use(busy.connection(), {});
    await expect.poll(() => busy.dropped() - before, { timeout: 30_000 }).toBeGreaterThan(2);
    for (const socket of held) socket.destroy();
    expect((await (await session).run("echo in")).stdout).toBe("in\n");
    await busy.stop();
  });

  test("hangs up before the login says what may be the reason", async () => {
    const rude = createServer((socket) => void socket.destroy()).listen(0, "127.0.0.1");
    await once(rude, "listening");
    const error = await failure(login({ port: (rude.address() as { port: number }).port, connectTimeoutSeconds: 3 }));
    expect(error.kind).toBe("lost");
    expect(error.message).toContain("MaxStartups");
    rude.close();
  });

  test("answers nothing any more is noticed while a script is silent", async () => {
    const { port, freeze, stop } = await freezing(world.sshd.port);
    const session = await world.pool.use(world.sshd.connection({ port, commandTimeoutSeconds: 100 }), {});
    const running = failure(session.run("sleep 90"));
    freeze();
    const started = Date.now();
    expect((await running).kind).toBe("lost");
    expect(Date.now() - started).toBeLessThan(50_000);
    stop();
  });
});

/** A way to a port that can stop carrying anything without a word, as a pulled cable does. */
async function freezing(to: number) {
  const { connect } = await import("node:net");
  const pairs: import("node:net").Socket[] = [];
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    pairs.push(near, far);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one
        .on("data", (chunk) => other.write(chunk))
        .on("error", () => undefined)
        .on("close", () => other.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    freeze: () => pairs.forEach((socket) => void socket.pause()),
    stop: () => {
      pairs.forEach((socket) => void socket.destroy());
      server.close();
    },
  };
}
