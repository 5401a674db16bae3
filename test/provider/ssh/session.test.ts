import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Pool } from "../../../provider/ssh/pool";
import { failure, makeKey } from "./sshd";
import { sshWorld } from "./world";

const world = sshWorld();
const { folder } = world;

describe("a script", () => {
  test("runs in /bin/sh and gives its output and code, whatever they are", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    const result = await session.run("printf '  é €\\n\\n'; echo wrong >&2; exit 7");
    expect(result).toEqual({ code: 7, stdout: "  é €\n\n", stderr: "wrong\n" });
  });

  test("of 2 MiB arrives whole, and so do characters of an answer of 2 MiB", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    const line = "€".repeat(1000);
    const script = `cat <<'END'\n${`${line}\n`.repeat(700)}END\n`;
    expect((await session.run(script)).stdout).toBe(`${line}\n`.repeat(700));
  });

  test("is on stdin: nothing of it is in the node's process list", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    const secret = randomBytes(12).toString("hex");
    const { stdout } = await session.run(`word=${secret}; ps -ewwo args; printf '%s' "$word" | wc -c`);
    expect(stdout).toContain("/bin/sh -s");
    expect(stdout).not.toContain(secret);
    expect(stdout.trim().endsWith("24")).toBe(true);
  });

  test("that was killed has the code a shell would give it", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    expect((await session.run("kill -9 $$")).code).toBe(137);
  });

  test("that takes too long is given up, with an error that names the limit", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    const started = Date.now();
    const error = await failure(session.run("sleep 60", { timeoutSeconds: 0.5 }));
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(error.kind).toBe("timeout");
    expect(error.retriable).toBe(true);
    expect(error.message).toContain(`root@127.0.0.1:${world.sshd.port}`);
    expect(error.message).toContain("0.5 s (commandTimeoutSeconds)");
    expect((await session.run("echo on")).stdout).toBe("on\n");
  });

  test("on a connection that breaks is an error, and the next one gets a new connection", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    const error = await failure(session.run("kill -9 $PPID; sleep 5"));
    expect(error.kind).toBe("lost");
    expect(session.alive()).toBe(false);
    const again = await world.pool.use(world.sshd.connection(), {});
    expect((await again.run("echo back")).stdout).toBe("back\n");
  });

  test("ends within a moment when the run is cancelled", async () => {
    const cancel = new AbortController();
    const session = await world.pool.use(world.sshd.connection(), { signal: cancel.signal });
    const running = session.run("sleep 60");
    setTimeout(() => cancel.abort(new Error("cancelled by Ctrl-C")), 200);
    const started = Date.now();
    await expect(running).rejects.toThrow("cancelled by Ctrl-C");
    expect(Date.now() - started).toBeLessThan(30_000);
    await expect(world.pool.use(world.sshd.connection(), { signal: cancel.signal })).rejects.toThrow(
      "cancelled by Ctrl-C",
    );
  });
});

describe("a pushed file", () => {
  test("stands there whole, with its mode, and whatever characters its path has", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    const [from, to] = [join(folder.path, "artifact"), join(folder.path, `it's "$(here)"`)];
    const bytes = randomBytes(3 * 1024 * 1024 + 17);
    writeFileSync(from, bytes);
    await session.push(from, to, "0750");
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(statSync(to).mode & 0o7777).toBe(0o750);
  });

  test("that cannot be written leaves nothing and says why", async () => {
    const session = await world.pool.use(world.sshd.connection(), {});
    const [from, to] = [join(folder.path, "small"), join(folder.path, "nowhere/file")];
    writeFileSync(from, "x");
    await expect(session.push(from, to, "0644")).rejects.toThrow(
      /nowhere\/file could not be written: .*(nonexistent|No such)/s,
    );
  });
});

describe("one connection a node", () => {
  test("serves all that use it, also at the same time", async () => {
    const before = world.sshd.connections();
    const sessions = await Promise.all([1, 2, 3, 4, 5].map(() => world.pool.use(world.sshd.connection(), {})));
    const results = await Promise.all(
      [...sessions, ...sessions, ...sessions].map((one) => one.run("sleep 0.1; echo x")),
    );
    expect(results.every(({ stdout }) => stdout === "x\n")).toBe(true);
    expect(world.sshd.connections() - before).toBe(1);
  });

  test("a fresh one is a second TCP connection, and takes the place of the first", async () => {
    const before = world.sshd.connections();
    const first = await world.pool.use(world.sshd.connection(), {});
    const fresh = await world.pool.fresh(world.sshd.connection(), {});
    expect(world.sshd.connections() - before).toBe(2);
    const next = await world.pool.use(world.sshd.connection(), {});
    expect((await fresh.run("echo $SSH_CONNECTION")).stdout).toBe((await next.run("echo $SSH_CONNECTION")).stdout);
    await expect.poll(() => first.alive(), { timeout: 30_000 }).toBe(false);
    expect(world.sshd.connections() - before).toBe(2);
  });

  test("a fresh one does not end what still runs on the first", async () => {
    const first = await world.pool.use(world.sshd.connection(), {});
    const running = first.run("sleep 0.5; echo done");
    await world.pool.fresh(world.sshd.connection(), {});
    expect((await running).stdout).toBe("done\n");
  });

  test("a fresh one that fails leaves the first in place", async () => {
    await world.pool.use(world.sshd.connection(), {});
    const before = world.sshd.connections();
    await failure(world.pool.fresh(world.sshd.connection({ key: { file: makeKey(join(folder.path, "other")) } }), {}));
    const kept = await world.pool.use(world.sshd.connection(), {});
    expect((await kept.run("echo kept")).stdout).toBe("kept\n");
    expect(world.sshd.connections() - before).toBe(1);
  });

  test("work on one node never interleaves; other nodes go on meanwhile", async () => {
    const order: string[] = [];
    const work = (name: string, milliseconds: number) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      order.push(`${name} ends`);
    };
    const here = world.sshd.connection();
    const there = world.sshd.connection({ port: 9 });
    await Promise.all([
      world.pool.exclusive(here, work("first", 60)),
      world.pool.exclusive({ ...here, user: "another" }, work("second", 10)),
      world.pool.exclusive(there, work("elsewhere", 10)),
    ]);
    expect(order.filter((line) => !line.startsWith("elsewhere"))).toEqual([
      "first begins",
      "first ends",
      "second begins",
      "second ends",
    ]);
    expect(order.indexOf("elsewhere ends")).toBeLessThan(order.indexOf("first ends"));
  });

  test("no more scripts run at once than the limit says", async () => {
    const narrow = new Pool(() => 2);
    const session = await narrow.use(world.sshd.connection(), {});
    const folder_ = join(folder.path, "running");
    mkdirSync(folder_, { recursive: true });
    // Each waits for another before it counts, unless it is the last.
    const wait = `for turn in $(seq 100); do [ $(ls ${folder_} | wc -l) -lt 2 ] || break; sleep 0.1; done`;
    const script = `f=${folder_}/$$; touch $f; ${wait}; ls ${folder_} | wc -l; sleep 0.6; rm $f`;
    const results = await Promise.all(Array.from({ length: 6 }, () => session.run(script)));
    expect(Math.max(...results.map(({ stdout }) => Number(stdout)))).toBe(2);
    narrow.closeAll();
  });
});

describe("what a node waits for", () => {
  test("does not queue behind the scripts of others", async () => {
    const narrow = new Pool(() => 1);
    let ended = false;
    const end = join(folder.path, "end");
    const script = `until [ -e ${end} ]; do sleep 0.1; done`;
    const long = (await narrow.use(world.sshd.connection(), {})).run(script).then(() => {
      ended = true;
    });
    const confirming = await narrow.fresh(world.sshd.connection(), {});
    expect((await confirming.run("echo confirmed")).stdout).toBe("confirmed\n");
    expect(ended).toBe(false);
    writeFileSync(end, "");
    await long;
    narrow.closeAll();
  });

  test("is counted from when the script is sent", async () => {
    const narrow = new Pool(() => 1);
    const session = await narrow.use(world.sshd.connection(), {});
    const [asked, long] = [performance.now(), session.run("sleep 0.7")];
    let sent = 0;
    const started = () => {
      sent = performance.now();
    };
    await session.run("exit 0", { started });
    expect(sent - asked).toBeGreaterThan(600);
    await long;
    narrow.closeAll();
  });
});

test("a process that closes its sessions ends by itself", () => {
  const script = `
    const { pool } = require(${JSON.stringify(join(process.cwd(), "dist/provider/ssh/pool.js"))});
    pool.use(${JSON.stringify(world.sshd.connection())}, {})
      .then((session) => session.run("echo hello"))
      .then(({ stdout }) => { process.stdout.write(stdout); pool.closeAll(); });`;
  expect(execFileSync(process.execPath, ["-e", script], { timeout: 100_000, encoding: "utf8" })).toBe("hello\n");
});
