import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import packageJson from "../../package.json";
import { Plugin, secret, unknownText, urnOf } from "./plugin";
import { holdingNode } from "./ssh/holding";
import { freePort } from "./ssh/sshd";

let plugin: Plugin;

beforeEach(async () => {
  plugin = await Plugin.start();
});
afterEach(() => plugin.stop());

const unreachable = async (settings: Record<string, unknown> = {}) => ({
  node: "node1",
  owner: "pods",
  connection: {
    host: "127.0.0.1",
    port: await freePort(),
    user: "root",
    key: { secret: secret(privateKey) },
    hostKey: { onFirstUse: true },
    become: false,
    connectTimeoutSeconds: 60,
    commandTimeoutSeconds: 60,
    ...settings,
  },
  state: { files: [{ path: "/etc/token", content: secret("a token nobody may see") }] },
});

const folder = mkdtempSync(join(tmpdir(), "podnet-plugin-"));
execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
const privateKey = execFileSync("cat", [join(folder, "key")], { encoding: "utf8" });
rmSync(folder, { recursive: true });

test("says its version and which resources it has", async () => {
  const info = await plugin.call<Empty, PluginInfo>(plugin.client.getPluginInfo, new Empty());
  expect(info.getVersion()).toBe(packageJson.version);
  const schema = await plugin.call<pb.GetSchemaRequest, pb.GetSchemaResponse>(
    plugin.client.getSchema,
    new pb.GetSchemaRequest(),
  );
  expect(Object.keys(JSON.parse(schema.getSchema()).resources)).toEqual([
    "podnet:index:AddressPlan",
    "podnet:index:EtcdKey",
    "podnet:index:FlowAudit",
    "podnet:index:NetmasterObject",
    "podnet:index:NetworkRecord",
    "podnet:index:NodeState",
    "podnet:index:RoutePlan",
    "podnet:index:Verification",
  ]);
});

test("names the resources it has when asked for another", async () => {
  await expect(plugin.check("Router", {}, {})).rejects.toThrow(
    /podnet has no resource podnet:index:Router; it has podnet:index:AddressPlan/,
  );
});

test("keeps nothing of a project's settings, whose name may be podnet too", async () => {
  const news = Struct.fromJavaScript({ version: "1.0.0", podCidr: "10.0.0.0/8", password: secret("x") as never });
  const checked = await plugin.call<pb.CheckRequest, pb.CheckResponse>(
    plugin.client.checkConfig,
    new pb.CheckRequest().setNews(news),
  );
  expect(checked.getInputs()?.toJavaScript()).toEqual({ version: "1.0.0" });
});

describe("podnet:sshConcurrency", () => {
  const check = (value: unknown) =>
    plugin.call<pb.CheckRequest, pb.CheckResponse>(
      plugin.client.checkConfig,
      new pb.CheckRequest().setNews(Struct.fromJavaScript({ sshConcurrency: value as string })),
    );

  test("is kept as it is written, and refused with what it should be", async () => {
    expect((await check("32")).getInputs()?.toJavaScript()).toEqual({ sshConcurrency: "32" });
    for (const wrong of ["0", "many", "1.5", "100000"])
      expect((await check(wrong)).getFailuresList().map((one) => one.getReason())).toEqual([
        `podnet:sshConcurrency is a whole number from 1 to 10000, such as 64, value "${wrong}"`,
      ]);
  });

  test.each(["1", "3"])("lets %s logins go on at once, over all nodes", async (limit) => {
    const configuration = new pb.ConfigureRequest().setArgs(Struct.fromJavaScript({ sshConcurrency: limit }));
    await plugin.call<pb.ConfigureRequest, pb.ConfigureResponse>(plugin.client.configure, configuration);
    const node = await holdingNode(privateKey);
    const { port, come, letGo } = node;
    const nodes = await Promise.all(
      [1, 2, 3, 4].map((number) => unreachable({ port, host: `127.0.0.${number}`, connectTimeoutSeconds: 100 })),
    );
    let ended = 0;
    const made = nodes.map((wanted, index) =>
      plugin.create("NodeState", { ...wanted, owner: `pods${index}` }).catch(() => {
        ended += 1;
      }),
    );
    await expect.poll(come, { timeout: 30_000 }).toBe(Number(limit));
    await sleep(1000);
    expect(come()).toBe(Number(limit));
    // Each goes on until it is let go.
    while (ended < nodes.length) {
      letGo();
      await sleep(20);
    }
    await Promise.all(made);
    expect(come()).toBe(4);
    node.stop();
  });
});

describe("a secret", () => {
  test("leaves check as a secret, and nothing else does", async () => {
    const { inputs, failures } = await plugin.check("NodeState", {}, await unreachable());
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      node: "node1",
      connection: { user: "root", key: { secret: secret(privateKey) } },
      state: { files: [{ path: "/etc/token", content: secret("a token nobody may see") }] },
    });
  });

  test("that a whole document is stays one", async () => {
    const { connection, ...rest } = await unreachable();
    const whole = { ...connection, key: { secret: privateKey } };
    const { inputs } = await plugin.check("NodeState", {}, { ...rest, connection: secret(whole) });
    expect(inputs.connection).toMatchObject(secret({ user: "root" }));
  });

  test("is marked again where its text turns up elsewhere", async () => {
    const settings = { one: secret("swordfish"), two: "a swordfish in words", three: "carp" };
    const { outputs } = await plugin.create("NetworkRecord", { network: "bridge", settings });
    expect(outputs.settings).toEqual({
      one: secret("swordfish"),
      two: secret("a swordfish in words"),
      three: "carp",
    });
  });

  test("that is not known yet stays a secret that is not known yet", async () => {
    const settings = { token: secret(unknownText) };
    const { inputs } = await plugin.check("NetworkRecord", {}, { network: "bridge", settings });
    expect(inputs.settings).toEqual(settings);
  });

  test("is in no error and no line of the log", async () => {
    const key = "-----BEGIN SOMETHING----- that is no key";
    const wanted = await unreachable({ key: { file: secret("/nowhere/my-secret-file-name") } });
    const error = await plugin.create("NodeState", wanted).catch((reason: grpc.ServiceError) => reason);
    expect((error as grpc.ServiceError).details).toContain("key.file [secret] cannot be read");
    const other = await plugin.create("NodeState", await unreachable({ key: { secret: secret(key) } })).catch(String);
    expect(other).toContain("key.secret is no private key");
    for (const words of [String(error), String(other), ...plugin.said.map(({ message }) => message)]) {
      expect(words).not.toContain("my-secret-file-name");
      expect(words).not.toContain("that is no key");
    }
  });
});

describe("a node that cannot be reached", () => {
  test("fails a create with one sentence: what, where, why; and no stack", async () => {
    const wanted = await unreachable();
    const error = (await plugin.create("NodeState", wanted).catch((reason) => reason)) as grpc.ServiceError;
    expect(error.details).toMatch(/root@127\.0\.0\.1:\d+: nothing listens on 127\.0\.0\.1:\d+/);
    expect(error.details).not.toMatch(/\n\s+at /);
  });

  test("is not touched, nor missed, by a preview", async () => {
    const { id, outputs } = await plugin.create("NodeState", await unreachable(), true);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ node: "node1", owner: "pods" });
  });

  test("is read as it was last known, with the reason", async () => {
    const inputs = await unreachable();
    const request = new pb.ReadRequest()
      .setUrn(urnOf("NodeState"))
      .setId("node1/pods")
      .setInputs(Struct.fromJavaScript(inputs as never))
      .setProperties(Struct.fromJavaScript({ node: "node1", manifest: "abc" }));
    const error = (await plugin
      .call<pb.ReadRequest, pb.ReadResponse>(plugin.client.read, request)
      .catch((reason) => reason)) as grpc.ServiceError;
    const [details] = error.metadata.get("grpc-status-details-bin") as [Buffer];
    const [any] = Status.deserializeBinary(details).getDetailsList();
    const failed = pb.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
    expect(failed.getId()).toBe("node1/pods");
    expect(failed.getReasonsList().join()).toMatch(/last known state kept: .*nothing listens/);
    expect(failed.getProperties()?.toJavaScript()).toEqual({ node: "node1", manifest: "abc" });
    expect(failed.getInputs()?.toJavaScript()).toEqual(inputs);
  });
});

test("ends its work at once when the run is cancelled, and answers", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as { port: number };
  const creating = plugin.create("NodeState", await unreachable({ port, connectTimeoutSeconds: 100 })).catch(String);
  const connections = () => new Promise((resolve) => silent.getConnections((_, count) => resolve(count)));
  await expect.poll(connections, { timeout: 30_000 }).toBe(1);
  const started = Date.now();
  await plugin.cancel();
  expect(await creating).toContain("cancelled");
  expect(Date.now() - started).toBeLessThan(60_000);
  silent.close();
});

test("does not outlive an engine that was killed", async () => {
  await plugin.create("AddressPlan", { pools: [], nodes: [], subnets: {} });
  const started = Date.now();
  plugin.loseEngine();
  expect(await plugin.exit()).toBe(1);
  expect(Date.now() - started).toBeLessThan(60_000);
});

describe("the executable", () => {
  test("says what to do when it is not built", () => {
    const away = mkdtempSync(join(tmpdir(), "podnet-unbuilt-"));
    mkdirSync(join(away, "provider"));
    cpSync(join(__dirname, "../../provider/plugin"), join(away, "provider/plugin"), { recursive: true });
    const { status, stderr } = spawnSync(join(away, "provider/plugin/pulumi-resource-podnet"), { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toBe("podnet: is not built; run: npm run build\n");
    rmSync(away, { recursive: true });
  });
});
