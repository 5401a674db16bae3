import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type * as grpc from "@grpc/grpc-js";
import type { ServerChannel } from "ssh2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Plugin } from "./plugin";
import { type Answer, type HostileNode, hostileNode, say } from "./ssh/hostile";
import { makeKey, workspace } from "./ssh/sshd";

const folder = workspace();
const key = makeKey(join(folder.path, "key"));
const honest = readFileSync(join(__dirname, "../unit/node/facts/routed-node.txt"), "utf8");
const owned = join(folder.path, "owned");

let plugin: Plugin;
let node: HostileNode;
let answer: Answer;

beforeAll(async () => {
  node = await hostileNode(key, (channel, script) => answer(channel, script));
});
beforeEach(async () => {
  node.scripts.length = 0;
  plugin = await Plugin.start();
});
afterEach(() => plugin.stop());
afterAll(async () => {
  await node.stop();
  folder.remove();
});

const wanted = (settings: Record<string, unknown> = {}) => ({
  node: "node1",
  owner: "pods",
  connection: node.connection(settings),
  state: { files: [{ path: "/etc/x", content: "x" }] },
});

/** What `pulumi up` would show. */
async function shown(settings?: Record<string, unknown>): Promise<string> {
  const error = (await plugin.create("NodeState", wanted(settings)).catch((reason) => reason)) as grpc.ServiceError;
  return [error.details, ...plugin.said.map(({ message }) => message)].join("\n");
}

describe("a node that", () => {
  test("never stops to print is cut off at 64 MiB, and this process does not grow with it", async () => {
    const block = Buffer.alloc(256 * 1024, "x");
    let sent = 0;
    answer = (channel) => {
      const more = () => {
        while (channel.writable && channel.write(block)) sent += block.length;
        sent += block.length;
      };
      channel.on("drain", more);
      more();
    };
    const text = await shown({ commandTimeoutSeconds: 100 });
    expect(text).toContain("a script printed more than 64 MiB; the connection was closed");
    // What had arrived before the end may be answered after it.
    const meanwhile = async () => {
      const before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return sent - before;
    };
    await expect.poll(meanwhile, { timeout: 30_000 }).toBe(0);
    expect(sent).toBeLessThan(80 * 1024 * 1024);
  });

  test("fills its error output instead is cut off as well", async () => {
    const block = Buffer.alloc(256 * 1024, "x");
    answer = (channel) => {
      const more = () => {
        while (channel.writable && channel.stderr.write(block));
      };
      channel.stderr.on("drain", more);
      more();
    };
    expect(await shown({ commandTimeoutSeconds: 100 })).toContain("a script printed more than 64 MiB");
  });

  test("never ends a script is given up, with the limit's name", async () => {
    answer = () => undefined;
    const started = Date.now();
    expect(await shown({ commandTimeoutSeconds: 1 })).toContain("has not ended within 1 s (commandTimeoutSeconds)");
    expect(Date.now() - started).toBeLessThan(60_000);
  });

  test("paints the terminal has its words shown without it, and cut", async () => {
    answer = (channel: ServerChannel) => {
      channel.stderr.write(`\u001b[2J\u001b]0;all is well\u0007\u001b[1A\rcommitted\u202e ${"A".repeat(100_000)}`);
      say(channel, "", 1);
    };
    const text = await shown();
    expect(text).toContain("its facts could not be read (exit code 1): committed AAAA");
    expect(text).toMatch(/AAA… \(\d+ more characters\)/);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text.length).toBeLessThan(5000);
  });

  test("answers with crafted facts is refused in a sentence, without a stack and without a change", async () => {
    answer = (channel) => say(channel, honest.replace('"ifname":"eth0"', `"ifname":"$(touch ${owned})"`));
    const text = await shown();
    expect(text).toMatch(/node1: its answer is not what the facts script prints .* in links/);
    expect(text).not.toMatch(/\n\s+at /);
    expect(node.scripts).toHaveLength(1);
    expect(existsSync(owned)).toBe(false);
  });

  test("claims to remember what podnet never made is refused before anything is removed", async () => {
    const lie = JSON.stringify({ derived: [{ kind: "file", key: "/etc/passwd", value: null }], origins: [] });
    answer = (channel) => say(channel, honest.replace(/^@@podnet origins.json\n.*$/m, `@@podnet origins.json\n${lie}`));
    const removal = { ...wanted(), state: {} };
    expect(await plugin.create("NodeState", removal).catch(String)).toMatch(
      /node1: what the node remembers of pods is not what podnet writes: .*nothing was changed/s,
    );
    expect(node.scripts).toHaveLength(1);
  });

  test("always has a change pending that cannot be undone is given up, not asked for ever", async () => {
    answer = (channel, script) =>
      say(
        channel,
        script.includes("@@podnet") ? honest.replace("@@podnet pending\n", "@@podnet pending\nother\t0123\t-5\n") : "",
      );
    expect(await shown()).toContain("a change of other is pending past its deadline and cannot be taken back");
  });

  test("gives its probe pod a command for an address has it executed nowhere", async () => {
    const victim = await hostileNode(key, (channel, script) => {
      if (script.includes("config:")) say(channel, `config:\n${conflist}`);
      else if (script.includes("CNI_COMMAND=ADD")) say(channel, '{"ips":[{"address":"10.244.1.2/24"}]}');
      else say(channel, "0|1|-||");
    });
    const evil = `10.244.2.2; touch ${owned} #`;
    answer = (channel, script) => {
      if (script.includes("config:")) say(channel, `config:\n${conflist}`);
      else say(channel, JSON.stringify({ ips: [{ address: evil }] }));
    };
    const probed = {
      network: "pods",
      cni: { configFile: "/etc/cni/net.d/10-pods.conflist" },
      mtu: 1500,
      families: ["ipv4"],
      failOn: "any",
      nodes: [
        { name: "victim", connection: victim.connection(), addresses: ["198.18.0.11"] },
        { name: "hostile", connection: node.connection(), addresses: ["198.18.0.12"] },
      ],
    };
    const text = await plugin.create("Verification", probed).catch(String);
    await victim.stop();
    expect(String(text)).toContain("hostile: the CNI plugins' answer is no CNI result");
    expect(victim.scripts.length).toBeGreaterThan(2);
    for (const script of victim.scripts) expect(script).not.toContain(owned);
    expect(existsSync(owned)).toBe(false);
  });
});

const conflist = JSON.stringify({ cniVersion: "1.0.0", name: "pods", plugins: [{ type: "bridge" }] });

describe("the log that PODNET_LOG names", () => {
  const log = join(folder.path, "podnet.jsonl");
  const lines = () =>
    readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  test("has a line for each step with its time and what came of it, and only its owner reads it", async () => {
    plugin.stop();
    plugin = await Plugin.start({ PODNET_LOG: log });
    answer = (channel) => say(channel, `\u001b[31mno facts`, 1);
    await shown();
    const [connect, exec, facts, create] = lines();
    expect(connect).toMatchObject({ step: "connect", host: `root@127.0.0.1:${node.port}`, outcome: "done" });
    expect(exec).toMatchObject({ step: "exec", outcome: "exit 1" });
    expect(facts).toMatchObject({ step: "facts", node: "node1", owner: "pods", outcome: "failed" });
    expect(facts.error).toContain("node1: its facts could not be read");
    expect(create).toMatchObject({ step: "create", node: "node1", owner: "pods", outcome: "failed" });
    expect(create.milliseconds).toBeGreaterThanOrEqual(facts.milliseconds);
    expect(Date.parse(connect.time)).toBeGreaterThan(Date.now() - 60_000);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  test("that cannot be written is said at once", async () => {
    plugin.stop();
    await expect(Plugin.start({ PODNET_LOG: "/nowhere/podnet.jsonl" })).rejects.toThrow(
      "PODNET_LOG is /nowhere/podnet.jsonl, which cannot be written (ENOENT)",
    );
    plugin = await Plugin.start();
  });
});
