import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { NodeStateInput } from "../../../components";
import type { Lab } from "../../../lab";
import { Plugin } from "../../provider/plugin";
import { endLab, freshLab } from "../fresh-lab";
import { committed, difference, isState, reaches, seen } from "./node";
import { Program } from "./program";

const name = "disk";
const node = "node1";
let lab: Lab;
let plugin: Plugin;
let program: Program;
let pristine: string;

const confirmed = { rules: [{ priority: 1000, from: "10.9.0.0/16", table: 77 }] };
const one: NodeStateInput = { files: [{ path: "/etc/podnet-a", content: "one\n" }], ...confirmed };
const two: NodeStateInput = { files: [{ path: "/etc/podnet-a", content: "two\n".repeat(4000) }] };

beforeAll(async () => {
  lab = await freshLab(name, [{ name: node, segment: "b", kind: "full" }]);
  pristine = await seen(lab, node);
  plugin = await Plugin.start();
});
afterAll(async () => {
  plugin?.stop();
  await endLab(name);
});
beforeEach(() => {
  program = new Program(lab, node, { windowSeconds: 60 });
});
/** Of a change that has to be undone by itself, and of one to which something has to happen before. */
const short = { windowSeconds: 6 };
const longer = { windowSeconds: 20 };

const on = async (script: string) => {
  const { code, stderr } = await lab.exec(node, script);
  if (code !== 0) throw new Error(stderr);
};
/** A disk of its own for podnet's part of the node, so that it can be filled without filling this machine's. */
const smallDisk = () => on("mkdir -p /var/lib/podnet && mount -t tmpfs -o size=256k,mode=700 tmpfs /var/lib/podnet");
const fill = () => on("dd if=/dev/zero of=/var/lib/podnet/.fill bs=4k 2>/dev/null; [ -s /var/lib/podnet/.fill ]");
const free = () => on("rm -f /var/lib/podnet/.fill");
/** Somebody who is about to end may still stand in it. */
const unmount =
  "for turn in $(seq 100); do mountpoint -q /var/lib/podnet || break; umount /var/lib/podnet || sleep 0.1; done";
const noDisk = () => on(`${unmount}; rmdir /var/lib/podnet 2>/dev/null; true`);
const removed = async () => {
  await program.destroy(plugin);
  await noDisk();
  expect(difference(pristine, await seen(lab, node))).toBe("");
};
const reason = (run: Promise<unknown>) =>
  run.then(
    () => "done",
    (error: Error) => error.message,
  );

describe.sequential("a disk that is full", () => {
  test("before a change: nothing is changed, and nothing of it stays", async () => {
    await smallDisk();
    await fill();
    expect(await reason(program.up(plugin, one))).toContain("nothing was changed");
    await free();
    expect((await lab.exec(node, "ls -A /var/lib/podnet /etc/podnet-a; ip rule show table 77")).stdout).toBe(
      "/var/lib/podnet:\n",
    );
    await noDisk();
    expect(difference(pristine, await seen(lab, node))).toBe("");
  });

  test("while a change waits: it is confirmed all the same", async () => {
    await smallDisk();
    const run = program.up(plugin, one);
    await lab.exec(
      node,
      "until [ -e /var/lib/podnet/pending/armed ]; do :; done; dd if=/dev/zero of=/var/lib/podnet/.fill bs=4k",
      90,
    );
    expect(await reason(run)).toBe("done");
    expect(isState(await committed(lab, node), one)).toBe(true);
    await free();
    await removed();
  });

  test("while a change waits that cuts the node off: what it replaced comes back all the same", async () => {
    await smallDisk();
    await program.up(plugin, one);
    const before = await seen(lab, node);
    const drop = {
      family: "inet" as const,
      table: "podnet-test",
      ruleset: "chain c { type filter hook input priority 0; tcp dport 22 drop; }",
    };
    const run = program.up(plugin, { ...two, nftables: [drop] }, short);
    await lab.exec(
      node,
      "until [ -e /var/lib/podnet/pending/result ]; do :; done; dd if=/dev/zero of=/var/lib/podnet/.fill bs=4k",
      90,
    );
    expect(await reason(run)).toContain("rolled back, node reachable");
    await free();
    expect(difference(before, await seen(lab, node))).toBe("");
    await removed();
  });
});

describe.sequential("a file system that is read-only", () => {
  test("refuses a change before anything is done", async () => {
    await lab.readOnly(node, "/var/lib");
    expect(await reason(program.up(plugin, one))).toContain("nothing was changed");
    await lab.writable(node, "/var/lib");
    expect(difference(pristine, await seen(lab, node))).toBe("");
  });

  test("does not keep a node that is cut off from coming back", async () => {
    const drop = {
      family: "inet" as const,
      table: "podnet-test",
      ruleset: "chain c { type filter hook input priority 0; tcp dport 22 drop; }",
    };
    const run = reason(program.up(plugin, { nftables: [drop] }, short));
    await reaches(lab, node, "applied", run);
    await lab.readOnly(node, "/var/lib");
    await lab.waitForSsh(node, 90);
    await lab.writable(node, "/var/lib");
    expect(await run).toContain("rolled back, node reachable");
    expect(difference(pristine, await seen(lab, node))).toBe("");
  });

  test("for the files of an undo: it is ended by the next run, once they can be written", async () => {
    await program.up(plugin, one);
    const before = await seen(lab, node);
    const drop = {
      family: "inet" as const,
      table: "podnet-test",
      ruleset: "chain c { type filter hook input priority 0; tcp dport 22 drop; }",
    };
    const run = reason(program.up(plugin, { ...two, nftables: [drop] }, longer));
    await reaches(lab, node, "applied", run);
    await lab.readOnly(node, "/etc");
    expect(await run).toMatch(/cannot be taken back entirely \(not undone: write \/etc\/podnet-a\)/);
    await lab.writable(node, "/etc");
    await program.up(plugin, one);
    expect(difference(before, await seen(lab, node))).toBe("");
    await removed();
  });
});
