import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Inventory, type NodeStateInput } from "../../../components";
import type { Lab } from "../../../lab";
import { Plugin } from "../../provider/plugin";
import { failure } from "../bed";
import { endLab, freshLab } from "../fresh-lab";
import { committed, difference, isState, seen } from "./node";
import { Program } from "./program";
import { placeOf } from "./random/play";
import { cuts } from "./random/states";

const name = "bastion";
const node = "inner";
let lab: Lab;
let plugin: Plugin;
let program: Program;
let pristine: string;

beforeAll(async () => {
  lab = await freshLab(name, [
    { name: "bastion", segment: "a", kind: "full" },
    { name: node, segment: "b", kind: "full" },
  ]);
  const [bastion, inner] = Inventory.fromFile(lab.inventoryFile).nodes.map(({ connection }) => connection);
  const { host, port, user, key, hostKey } = bastion ?? {};
  const connection = { ...inner, jump: { host, port, user, key, hostKey }, connectTimeoutSeconds: 60 };
  program = new Program(lab, node, { connection, windowSeconds: 60 });
  plugin = await Plugin.start();
  pristine = await seen(lab, node);
});
afterAll(async () => {
  plugin?.stop();
  await endLab(name);
});

/** Waits for a confirmation, since it has a rule. */
const state = (content: string): NodeStateInput => ({
  files: [{ path: "/etc/podnet-a", content }],
  rules: [{ priority: 1000, from: "10.250.0.0/16", table: 200 }],
});

const place = () => placeOf(lab, node);

describe.sequential("a node behind a bastion", () => {
  test("confirms a change over a new channel of the connection to the bastion", async () => {
    const before = await lab.sshConnections();
    await program.up(plugin, state("one\n"));
    expect(isState(await committed(lab, node), state("one\n"))).toBe(true);
    const accepted = "journalctl -u ssh -u sshd -o cat | grep -o 'Accepted publickey for root from [0-9.]*'";
    await expect
      .poll(async () => (await lab.exec(node, accepted)).stdout, { timeout: 60_000, interval: 500 })
      .toContain(lab.nodes[0]?.addresses.ipv4);
    expect(await lab.sshConnections()).not.toEqual(before);
  });

  test.each(Object.keys(cuts).filter((cut) => cut !== "no cut"))("takes back by itself %s", async (cut) => {
    const before = await seen(lab, node);
    const wanted = (cuts[cut] as (typeof cuts)[string])(state("two\n"), place());
    expect(await failure(program.up(plugin, wanted, { windowSeconds: 10 }))).toContain("rolled back, node reachable");
    expect(difference(before, await seen(lab, node))).toBe("");
  });

  test("is as it was when everything of podnet is gone", async () => {
    await program.destroy(plugin);
    expect(difference(pristine, await seen(lab, node))).toBe("");
  });
});

describe.sequential("a route of somebody's with attributes that podnet cannot write", () => {
  const to = "10.249.0.0/24";
  const wanted = (): NodeStateInput => ({ routes: [{ to, via: place().gateway }] });
  const route = async () => (await lab.exec(node, `ip route show ${to}`)).stdout;

  test("is not replaced, since that could not be undone", async () => {
    await lab.exec(node, `ip route add ${to} via ${place().gateway} realm 7`);
    const before = await seen(lab, node);
    const said = await failure(program.up(plugin, wanted()));
    expect(said).toMatch(/nothing was changed[\s\S]*flow[\s\S]*allow it with allowIrreversible: true/);
    expect(difference(before, await seen(lab, node))).toBe("");
  });

  test("is replaced where that is allowed, and its removal says what could not be put back", async () => {
    await program.up(plugin, wanted(), { allowIrreversible: true });
    expect(await route()).not.toContain("realm");
    expect(await failure(program.destroy(plugin))).toMatch(/the removal left something behind[\s\S]*unsupported=flow/);
    expect(await route()).toContain(`${to} via ${place().gateway}`);
  });
});
