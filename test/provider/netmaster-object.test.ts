import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { netmasterObject } from "../../provider/netmaster-object";
import { type Context, PartialFailure, type Properties } from "../../provider/resource";
import type { ScriptResult, SessionPool } from "../../provider/ssh/session";
import { Netmaster } from "./netmaster";
import { ownShell } from "./own-shell";

let netmaster: Netmaster;
beforeAll(async () => {
  netmaster = await Netmaster.start();
});
beforeEach(() => netmaster.reset());
afterAll(() => netmaster.end());

const { pool, scripts } = ownShell();

const handler = netmasterObject(pool, { attempts: 3, milliseconds: 50 });
const context = (preview = false): Context => ({
  urn: "urn:pulumi:test::podnet::podnet:index:NetmasterObject::pods",
  preview,
  signal: new AbortController().signal,
  log: () => {},
  status: () => {},
});

const object = (collection: string, key: string, value: Properties): Properties => ({
  node: "node1",
  connection: { host: "192.0.2.1", hostKey: { onFirstUse: true } },
  url: netmaster.url,
  collection,
  key,
  value,
});
const network = (more: Properties = {}) =>
  object("networks", "default:web", {
    tenantName: "default",
    networkName: "web",
    nwType: "data",
    encap: "vxlan",
    subnet: "10.1.0.0/16",
    gateway: "10.1.0.1",
    ...more,
  });
const policy = () => object("policys", "default:closed", { tenantName: "default", policyName: "closed" });
const group = (more: Properties = {}) =>
  object("endpointGroups", "default:shop", {
    tenantName: "default",
    groupName: "shop",
    networkName: "web",
    policies: ["closed"],
    ...more,
  });
const refusal = (done: Promise<unknown>) => done.then(() => "taken").catch((error: Error) => error.message);

test("an object is made as it is said, read back, and deleted; what netmaster adds is no drift", async () => {
  const { id, outputs } = await handler.create(network(), context());
  expect(id).toBe("networks/default:web");
  expect(netmaster.of("networks").get("default:web")).toEqual({ key: "default:web", ...(network().value as object) });
  expect(outputs).toMatchObject({ hostKeys: { node1: "ssh-ed25519 AAAA" } });
  expect(await handler.read(id, network(), outputs, context())).toMatchObject({ inputs: network() });
  await handler.delete(id, network(), outputs, context());
  expect(netmaster.of("networks").size).toBe(0);
  expect(await handler.read(id, network(), outputs, context())).toBeUndefined();
});

test("what is gone already is deleted, and what stands as it is wanted is made", async () => {
  await handler.create(network(), context());
  netmaster.asked.length = 0;
  await handler.create(network(), context());
  expect(netmaster.asked).toEqual(["GET networks/default:web"]);
  await handler.delete("id", group(), {}, context());
});

test("a preview asks nobody", async () => {
  await handler.create(network(), context(true));
  await handler.update("id", {}, {}, policy(), context(true));
  expect(netmaster.asked).toEqual([]);
});

describe("what netmaster refuses is told in its words, with the object and the node", () => {
  test("names that are not there", async () => {
    expect(await refusal(handler.create(group(), context()))).toBe(
      `group default:shop: netmaster at ${netmaster.url}, asked from node1: Network web not found`,
    );
    await handler.create(network(), context());
    expect(await refusal(handler.create(group(), context()))).toMatch(/Policy not found$/);
    const lost = object("networks", "shop:web", { ...(network().value as object), tenantName: "shop" });
    expect(await refusal(handler.create(lost, context()))).toMatch(/Tenant not found$/);
  });

  test("a subnet that is another network's, and a rule that contradicts itself", async () => {
    await handler.create(network(), context());
    const second = object("networks", "default:b", { ...(network().value as object), networkName: "b" });
    expect(await refusal(handler.create(second, context()))).toMatch(
      /Network web conflicts with subnet 10\.1\.0\.0\/16$/,
    );
    await handler.create(policy(), context());
    const rule = object("rules", "default:closed:1", {
      tenantName: "default",
      policyName: "closed",
      ruleId: "1",
      direction: "in",
      toIpAddress: "10.0.0.1",
    });
    expect(await refusal(handler.create(rule, context()))).toMatch(/'to' parameters in incoming rule$/);
  });

  test("a network that still has groups", async () => {
    for (const one of [network(), policy(), group()]) await handler.create(one, context());
    expect(await refusal(handler.delete("id", network(), {}, context()))).toMatch(/cannot delete web has 1 endpoint/);
    expect(await refusal(handler.delete("id", policy(), {}, context()))).toMatch(/Policy is being used$/);
  });
});

test("another object of that key, which netmaster would not change, is named with what it has", async () => {
  await handler.create(network({ subnet: "10.9.0.0/16" }), context());
  const message = await refusal(handler.create(network(), context()));
  expect(message).toContain("netmaster has another network default:web");
  expect(message).toContain("subnet 10.9.0.0/16");
  expect(message).toContain("delete it by netctl first");
});

test("what netmaster changes is changed, and what it does not is made anew", async () => {
  for (const one of [network(), policy(), group()]) await handler.create(one, context());
  const open = group({ policies: ["closed", "open"] });
  expect(handler.diff(group(), {}, open, context())).toEqual({ value: "update" });
  await handler.create(object("policys", "default:open", { tenantName: "default", policyName: "open" }), context());
  await handler.update("id", group(), {}, open, context());
  expect(netmaster.of("endpointGroups").get("default:shop")?.policies).toEqual(["closed", "open"]);
  expect(handler.diff(group(), {}, group({ networkName: "other" }), context())).toEqual({ value: "replace" });
  expect(handler.diff(network(), {}, network({ gateway: "10.1.0.2" }), context())).toEqual({ value: "replace" });
  expect(handler.diff(network(), {}, { ...network(), key: "default:other" }, context())).toEqual({ key: "replace" });
  const elsewhere = { ...network(), node: "node2", connection: { host: "192.0.2.2" }, url: "http://192.0.2.9:9999" };
  expect(handler.diff(network(), {}, elsewhere, context())).toEqual({});
});

test("a field that was changed by hand shows", async () => {
  const { id, outputs } = await handler.create(network(), context());
  netmaster.of("networks").set("default:web", { ...(network().value as object), gateway: "10.1.0.9" });
  const found = await handler.read(id, network(), outputs, context());
  expect(found?.inputs.value).toMatchObject({ gateway: "10.1.0.9" });
});

test("while netmaster does not answer, a refresh keeps what was known", async () => {
  const away = { ...network(), url: "http://127.0.0.1:1" };
  const lost = await handler.read("id", away, { value: "known" }, context()).catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(PartialFailure);
  expect((lost as PartialFailure).reasons[0]).toContain("curl: (7)");
});

test("netmaster may come a moment after its pod", async () => {
  let refusals = 2;
  const late = {
    use: async () => ({
      hostKey: "ssh-ed25519 AAAA",
      run: async (): Promise<ScriptResult> =>
        refusals-- > 0
          ? { code: 7, stdout: "", stderr: "curl: (7) refused" }
          : { code: 0, stdout: "{}\n200", stderr: "" },
    }),
  } as unknown as SessionPool;
  const waiting = netmasterObject(late, { attempts: 3, milliseconds: 1 });
  await expect(waiting.create(policy(), context())).resolves.toMatchObject({ id: "policys/default:closed" });
});

test("nothing of an object is in an argument", async () => {
  scripts.length = 0;
  await handler.create(network(), context());
  for (const script of scripts)
    expect(script.replace(/<<'PODNET_END'[\s\S]*PODNET_END/, "")).not.toMatch(/10\.1|default|api/);
});

test("what is wrong is told at preview", () => {
  const wrong = { ...network(), url: "netmaster:9999", collection: "pods", key: "a b" };
  const { failures } = handler.check({}, wrong, context());
  expect(failures.map(({ property }) => property)).toEqual(["url", "collection", "key"]);
});
