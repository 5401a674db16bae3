import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Plugin, unknownText, urnOf } from "./plugin";

let plugin: Plugin;

beforeAll(async () => {
  plugin = await Plugin.start();
});
beforeEach(() => {
  plugin.said.length = 0;
});
afterAll(() => plugin.stop());

const record = (settings: Record<string, unknown>) => ({
  network: "bridge",
  settings: { name: "pods", podCidr: ["10.244.0.0/16"], mtu: 1500, bridge: "pods0", ...settings },
});
const before = record({});

test("a change that would break the network is refused with the reason and the way round, all at once", async () => {
  const { failures } = await plugin.check("NetworkRecord", before, record({ name: "other", podCidr: ["10.0.0.0/24"] }));
  expect(failures.map((words) => words.split(":")[0]).sort()).toEqual(["name", "podCidr"]);
  for (const words of failures) expect(words).toContain("Instead: ");
});

test("settings that are new, or the same, are taken as they are", async () => {
  for (const previous of [{}, before])
    expect(await plugin.check("NetworkRecord", previous, before)).toEqual({ inputs: before, failures: [] });
});

test("a preview says once what each change means; the update itself is silent", async () => {
  const wanted = record({ mtu: 1400, podCidr: ["10.0.0.0/8"] });
  expect((await plugin.check("NetworkRecord", before, wanted)).failures).toEqual([]);
  expect((await plugin.diff("NetworkRecord", before, before, wanted)).paths.sort()).toEqual([
    "settings.mtu",
    "settings.podCidr[0]",
  ]);
  const outputs = await plugin.update("NetworkRecord", before, before, wanted, true);
  expect(outputs).toEqual({ ...wanted, lastChange: "disruptive" });
  expect(plugin.said.map(({ message }) => message.split(": ").slice(0, 2).join(": ")).sort()).toEqual([
    "disruptive: mtu 1500 → 1400",
    "rolling: podCidr 10.244.0.0/16 → 10.0.0.0/8",
  ]);
  expect(plugin.said.every(({ urn, ephemeral }) => urn === urnOf("NetworkRecord") && !ephemeral)).toBe(true);
  plugin.said.length = 0;
  await plugin.update("NetworkRecord", before, before, wanted);
  expect(plugin.said).toEqual([]);
});

test("another network is another record", async () => {
  const { replaces } = await plugin.diff("NetworkRecord", before, before, { ...before, network: "other" });
  expect(replaces).toEqual(["network"]);
});

test("a network that does not exist is refused with those that do", async () => {
  const { failures } = await plugin.check("NetworkRecord", {}, { network: "brigde", settings: {} });
  expect(failures).toEqual([expect.stringMatching(/^network: .*there is bridge/)]);
});

test("settings that are not known yet are judged when they are", async () => {
  const { failures } = await plugin.check("NetworkRecord", before, record({ podCidr: [unknownText] }));
  expect(failures).toEqual([]);
});
