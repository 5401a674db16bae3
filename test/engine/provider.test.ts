import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../provider/ssh/sshd";
import { Stack, type Wanted } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.create();
});
afterAll(() => stack.remove());

const addresses = (nodes: string[], cidr = "10.244.0.0/22"): Wanted => ({
  type: "AddressPlan",
  name: "addresses",
  args: { pools: [{ cidr, nodePrefix: 24 }], nodes },
});
const network = (settings: Record<string, unknown>): Wanted => ({
  type: "NetworkRecord",
  name: "network",
  args: { network: "bridge", settings: { name: "pods", mtu: 1500, podCidr: ["10.244.0.0/22"], ...settings } },
});
const nodeOn = (port: number, more: Record<string, unknown> = {}): Wanted => ({
  type: "NodeState",
  name: "node1",
  args: {
    node: "node1",
    owner: "pods",
    connection: {
      host: "127.0.0.1",
      port,
      key: { secret: { $secret: privateKey } },
      hostKey: { onFirstUse: true },
      ...more,
    },
    state: { files: [{ path: "/nowhere/token", content: { $secret: token } }] },
  },
});
const token = "a-token-that-nobody-may-see";
const privateKey = makePrivateKey();

describe("addresses", () => {
  test("are all known in the preview of a new stack", async () => {
    stack.want(addresses(["a", "b", "c"]));
    const shown = await stack.must("preview");
    expect(shown).toMatch(/Outputs:.*a: \[\s+\[0\]: "10\.244\.0\.0\/24"/s);
    const { steps } = JSON.parse(await stack.must("preview", "--json"));
    const planned = steps.find(({ urn }: { urn: string }) => urn.endsWith("::addresses")).newState.inputs.subnets;
    expect(planned).toEqual({ a: ["10.244.0.0/24"], b: ["10.244.1.0/24"], c: ["10.244.2.0/24"] });
  });

  test("stay where they are when nodes come and go, and a second run changes nothing", async () => {
    await stack.must("up", "--yes", "--skip-preview");
    stack.want(addresses(["d", "a", "c"]));
    await stack.must("up", "--yes");
    const { addresses: made } = await stack.resources();
    expect(made?.outputs.subnets).toEqual({ d: ["10.244.1.0/24"], a: ["10.244.0.0/24"], c: ["10.244.2.0/24"] });
    await stack.must("up", "--yes", "--expect-no-changes");
    await stack.must("refresh", "--yes", "--expect-no-changes");
  });

  test("that would be cut off are refused in the preview, in words and without a stack", async () => {
    stack.want(addresses(["d", "a", "c"], "10.244.0.0/23"));
    const { code, output } = await stack.run("preview");
    expect(code).not.toBe(0);
    expect(output).toContain("c has the pod subnet 10.244.2.0/24");
    expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
  });
});

describe("a network", () => {
  test("says in the preview what a change means, and refuses one that breaks it", async () => {
    stack.want(addresses(["a"]), network({}));
    await stack.must("up", "--yes", "--skip-preview");
    stack.want(addresses(["a"]), network({ mtu: 1400 }));
    expect(await stack.must("preview")).toMatch(/warning: disruptive: mtu 1500 → 1400: running pods keep their MTU/);
    stack.want(addresses(["a"]), network({ name: "other", podCidr: ["10.0.0.0/24"] }));
    const { code, output } = await stack.run("preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/'network'.*: name: /);
    expect(output).toMatch(/'network'.*: podCidr: /);
    expect(output).toContain("Instead: ");
  });
});

describe("a secret", () => {
  test("is nowhere in what the engine keeps of inputs and of outputs, nor what contains it", async () => {
    const settings = {
      peers: [{ psk: { $secret: token } }],
      note: `a copy: ${token}`,
      name: "a-name-that-anybody-may-see",
    };
    stack.want({ type: "NetworkRecord", name: "secretive", args: { network: "bridge", settings } });
    const output = await stack.must("up", "--yes", "--skip-preview");
    const { secretive } = await stack.resources();
    const hidden = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    for (const values of [secretive?.inputs, secretive?.outputs])
      expect(values?.settings).toMatchObject({ peers: [{ psk: hidden }], note: hidden });
    expect(stack.kept()).toContain("a-name-that-anybody-may-see");
    for (const text of [stack.kept(), output]) expect(text).not.toContain(token);
  });

  test("of a node is in no file and no word of a run that fails", async () => {
    stack.want(nodeOn(await freePort()));
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/root@127\.0\.0\.1:\d+: nothing listens on/);
    for (const text of [stack.kept(), output]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(privateKey.split("\n")[1]);
    }
  });
});

test("settings of a project that is named podnet are not the provider's", async () => {
  stack.want(addresses(["a"]));
  await stack.must("config", "set", "anything", "one");
  await stack.must("config", "set", "password", "hidden", "--secret");
  await stack.must("up", "--yes", "--skip-preview");
  const provider = Object.values(await stack.resources()).find(({ type }) => type === "pulumi:providers:podnet");
  expect(provider).toBeDefined();
  expect(Object.keys(provider?.inputs ?? {})).toEqual([]);
  await stack.must("config", "set", "anything", "two");
  await stack.must("up", "--yes", "--expect-no-changes");
});

describe("a node that cannot be reached", () => {
  test("is kept by a refresh as it was last known, with the reason", async () => {
    const port = await freePort();
    await adopt(port);
    stack.want(addresses(["a"]), nodeOn(port));
    const { output } = await stack.run("refresh", "--yes");
    expect(output).toMatch(/last known state kept: root@127\.0\.0\.1:\d+: nothing listens/);
    const { node1 } = await stack.resources();
    expect(node1?.outputs.manifest).toBe("abc");
    expect(node1?.inputs.node).toBe("node1");
    expect(stack.kept()).not.toContain(token);
  });
});

describe("a run", () => {
  test("ends soon after Ctrl-C, though a node says nothing", async () => {
    const silent = await silentServer();
    stack.want(addresses(["a"]), nodeOn(silent.port, { connectTimeoutSeconds: 280 }));
    const { child, ended } = stack.start("up", "--yes", "--skip-preview");
    await silent.visited();
    const started = Date.now();
    child.kill("SIGINT");
    expect((await ended).code).not.toBe(0);
    expect(Date.now() - started).toBeLessThan(60_000);
    silent.close();
    await stack.run("cancel", "--yes");
  });

  test("that is killed leaves no plugin behind", async () => {
    const silent = await silentServer();
    stack.want(addresses(["a"]), nodeOn(silent.port, { connectTimeoutSeconds: 280 }));
    const { child, ended } = stack.start("up", "--yes", "--skip-preview");
    await silent.visited();
    const plugin = plugins(child.pid as number);
    expect(plugin).toHaveLength(1);
    child.kill("SIGKILL");
    await expect.poll(() => plugin.filter(isAlive), { timeout: 120_000 }).toEqual([]);
    silent.close();
    await ended;
    await stack.run("cancel", "--yes");
  });
});

/** Puts a node into the state that nothing was done to: an earlier run's work. */
async function adopt(port: number): Promise<void> {
  const { addresses: other } = await stack.resources();
  const document = JSON.parse(await stack.must("stack", "export"));
  const { args } = nodeOn(port);
  const key = join(stack.folder, "key");
  writeFileSync(key, privateKey);
  document.deployment.resources = document.deployment.resources.filter(
    ({ urn }: { urn: string }) => !urn.endsWith("::node1"),
  );
  document.deployment.resources.push({
    urn: "urn:pulumi:test::podnet::podnet:index:NodeState::node1",
    custom: true,
    id: "node1/pods",
    type: "podnet:index:NodeState",
    inputs: { ...args, connection: { ...(args.connection as object), key: { file: key } }, state: {} },
    outputs: { node: "node1", owner: "pods", manifest: "abc" },
    parent: "urn:pulumi:test::podnet::pulumi:pulumi:Stack::podnet-test",
    provider: other?.provider,
  });
  const file = join(stack.folder, "import.json");
  writeFileSync(file, JSON.stringify(document));
  await stack.must("stack", "import", "--file", file);
}

async function silentServer() {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  const visit = once(server, "connection");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    visited: () => visit,
    close: () => void server.close(),
  };
}

function plugins(engine: number): number[] {
  const lines = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" }).split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === engine && args.join(" ").includes("pulumi-resource-podnet"))
    .map(([pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function makePrivateKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();
}
