import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "podnet-lock-"));
let holderOf: (lock: string) => number | undefined;

beforeAll(async () => {
  ({ holderOf } = await import(join(__dirname, "../../../toolchain/state-lock.mjs")));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A process of that name, and a lock that says its number. */
async function run(name: string) {
  const program = join(folder, name);
  copyFileSync("/bin/sleep", program);
  const child = spawn(program, ["600"]);
  await once(child, "spawn");
  const lock = join(folder, `${name}.json`);
  writeFileSync(lock, JSON.stringify({ pid: child.pid }));
  const end = async () => {
    const gone = once(child, "exit");
    child.kill();
    await gone;
  };
  return { lock, pid: child.pid, end };
}

test("a lock is held by the run that wrote it, and by no process that got its number later", async () => {
  const { lock, pid, end } = await run("pulumi");
  try {
    expect(holderOf(lock)).toBe(pid);
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(lock, longAgo, longAgo);
    expect(holderOf(lock)).toBeUndefined();
  } finally {
    await end();
  }
  writeFileSync(lock, JSON.stringify({ pid }));
  expect(holderOf(lock)).toBeUndefined();
});

test("a lock whose number another program has, or that is no lock, is held by nobody", async () => {
  const { lock, end } = await run("other");
  expect(holderOf(lock)).toBeUndefined();
  await end();
  writeFileSync(lock, "{");
  expect(holderOf(lock)).toBeUndefined();
  expect(holderOf(join(folder, "nowhere.json"))).toBeUndefined();
});
