import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { etcdKey } from "../../provider/etcd-key";
import { type Context, PartialFailure, type Properties } from "../../provider/resource";
import { ownShell } from "./own-shell";

/** The JSON gateway of an etcd that holds keys in memory, and asks for a token when it has a password. */
let server: Server;
let endpoint = "";
const keys = new Map<string, string>();
let password: string | undefined;
let asked: string[] = [];

const text = (base64: string) => Buffer.from(base64, "base64").toString();
const base64 = (value: string) => Buffer.from(value).toString("base64");

function answer(path: string, body: Record<string, string>, token: string | undefined): [number, object] {
  asked.push(path);
  if (path === "/v3/auth/authenticate")
    return body.password === password
      ? [200, { token: "a token" }]
      : [401, { error: "etcdserver: authentication failed" }];
  if (password !== undefined && token !== "a token") return [401, { error: "etcdserver: user name is empty" }];
  const key = text(body.key ?? "");
  const end = body.range_end && text(body.range_end);
  const found = [...keys].filter(([one]) => (end ? one >= key && one < end : one === key));
  if (path === "/v3/kv/range")
    return [200, { header: {}, kvs: found.map(([one, value]) => ({ key: base64(one), value: base64(value) })) }];
  if (path === "/v3/kv/deleterange") for (const [one] of found) keys.delete(one);
  else keys.set(key, text(body.value ?? ""));
  return [200, { header: {} }];
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = JSON.parse((await request.toArray()).join("")) as Record<string, string>;
    const [status, said] = answer(request.url ?? "", body, request.headers.authorization);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
  });
  await new Promise<void>((ready) => void server.listen(0, "127.0.0.1", ready));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  keys.clear();
  asked = [];
  password = undefined;
});
afterAll(() => server.close());

const { pool, scripts } = ownShell();

const handler = etcdKey(pool);
const context = (preview = false): Context => ({
  urn: "urn:pulumi:test::podnet::podnet:index:EtcdKey::pods",
  preview,
  signal: new AbortController().signal,
  log: () => {},
  status: () => {},
});
const value = '{"Network":"10.244.0.0/16",\n "Backend":{"Type":"vxlan","quote":"\\"\\\\"}}';
const wanted = (more: Properties = {}): Properties => ({
  node: "node1",
  connection: { host: "192.0.2.1", hostKey: { onFirstUse: true } },
  endpoints: [endpoint],
  key: "/coreos.com/network/config",
  value,
  deletePrefix: "/coreos.com/network/",
  ...more,
});

test("a key is written as it is, read back, and deleted with all that begins like it and nothing else", async () => {
  const { id, outputs } = await handler.create(wanted(), context());
  expect(keys.get("/coreos.com/network/config")).toBe(value);
  expect(outputs).toEqual({ key: wanted().key, value, hostKeys: { node1: "ssh-ed25519 AAAA" } });
  keys.set("/coreos.com/network/subnets/10.244.1.0-24", "{}");
  keys.set("/coreos.com/networks", "another's");
  expect(await handler.read(id, wanted(), outputs, context())).toMatchObject({ inputs: wanted() });
  await handler.delete(id, wanted(), outputs, context());
  expect([...keys.keys()]).toEqual(["/coreos.com/networks"]);
});

test("a value that was changed by hand shows, and a key that was deleted is gone", async () => {
  const { id, outputs } = await handler.create(wanted(), context());
  keys.set("/coreos.com/network/config", "by hand");
  const found = await handler.read(id, wanted(), outputs, context());
  expect(found?.inputs.value).toBe("by hand");
  expect(handler.diff(found?.inputs ?? {}, outputs, wanted(), context())).toEqual({ value: "update" });
  keys.clear();
  expect(await handler.read(id, wanted(), outputs, context())).toBeUndefined();
});

test("a preview asks nobody, and another node or key of it is no change", async () => {
  await handler.create(wanted(), context(true));
  expect(asked).toEqual([]);
  const elsewhere = wanted({ node: "node2", connection: { host: "192.0.2.2" } });
  expect(handler.diff(wanted(), {}, elsewhere, context())).toEqual({});
  expect(handler.diff(wanted(), {}, wanted({ key: "/other" }), context())).toEqual({ key: "replace" });
});

test("a user logs in first; neither password nor value is in an argument", async () => {
  password = 'of "the" door\\';
  scripts.length = 0;
  await handler.create(wanted({ username: "flannel", password }), context());
  expect(asked).toEqual(["/v3/auth/authenticate", "/v3/kv/put"]);
  for (const script of scripts) {
    const commands = script.replace(/<<'PODNET_END'[\s\S]*PODNET_END/, "");
    expect(commands).not.toMatch(/door|10\.244|token/);
  }
});

test("a member that is down is passed over", async () => {
  await handler.create(wanted({ endpoints: ["http://127.0.0.1:1", endpoint] }), context());
  expect(keys.size).toBe(1);
});

test("when none answers, every member's reason is told, and a refresh keeps what was known", async () => {
  password = "right";
  const wrong = wanted({ endpoints: ["http://127.0.0.1:1", endpoint], username: "flannel", password: "wrong" });
  const failure = await handler.create(wrong, context()).catch((error: Error) => error.message);
  expect(failure).toContain("/coreos.com/network/config: etcd could not be asked from node1");
  expect(failure).toContain("http://127.0.0.1:1: curl: (7)");
  expect(failure).toContain(`${endpoint}: etcdserver: authentication failed`);
  expect(failure).not.toContain("wrong");
  const lost = await handler.read("id", wrong, { value: "known" }, context()).catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(PartialFailure);
  expect((lost as PartialFailure).outputs).toEqual({ value: "known" });
});

test("what is wrong is told at preview", () => {
  const { failures } = handler.check({}, wanted({ endpoints: ["etcd"], username: "flannel" }), context());
  expect(failures.map(({ property }) => property)).toEqual(["endpoints[0]", "password"]);
});
