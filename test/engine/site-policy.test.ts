import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stack } from "./stack";

// The example of a site's policies, run by the real engine over previews of real networks, as `pulumi preview
// --policy-pack` runs it: no node is needed, and a preview that breaks a rule fails.

const project = join(__dirname, "../..");
const program = `
const { readFileSync } = require("node:fs");
const { BridgeNetwork, CanalNetwork, Inventory } = require("${join(project, "dist/components")}");
const { bridge = {}, canal = {} } = JSON.parse(readFileSync(__dirname + "/wanted.json", "utf8"));
for (const [component, networks] of [[BridgeNetwork, bridge], [CanalNetwork, canal]])
  for (const [name, { nodes, ...args }] of Object.entries(networks))
    new component(name, { ...args, nodes: Inventory.of({ nodes }) });
`;

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.create({
    programText: program,
    plugins: { kubernetes: join(project, "lab/kubernetes/stand-in/plugin") },
  });
  const pack = join(stack.folder, "site-policy");
  cpSync(join(project, "dist/examples/site-policy"), pack, { recursive: true });
  for (const name of ["PulumiPolicy.yaml", "package.json"])
    cpSync(join(project, "examples/site-policy", name), join(pack, name));
  mkdirSync(join(pack, "node_modules"));
  symlinkSync(project, join(pack, "node_modules/podnet"));
});
afterAll(() => stack?.remove());

const node = (last: number, hostKey?: object) => ({
  connection: { host: `198.18.0.${last}`, ...(hostKey && { hostKey }) },
});
const pinned = { pinned: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEmFZNTTjDZCgR2pGYzVmHJHRVJFxK7u0mLmY2pVQ8eE" };

/** On a node of its own, which alone does not say that it is of another cluster. */
const canal = (podCidr: string, last: number) => ({
  ...{ podCidr, crds: "present" },
  nodes: { [`node${last}`]: node(last, pinned) },
});

async function preview(wanted: object, settings: object = {}) {
  writeFileSync(join(stack.folder, "wanted.json"), JSON.stringify(wanted));
  writeFileSync(join(stack.folder, "settings.json"), JSON.stringify(settings));
  return stack.run("preview", "--policy-pack", "site-policy", "--policy-pack-config", "settings.json");
}

test("a network that keeps to the site's rules is previewed", async () => {
  const pods = { podCidr: "10.244.0.0/16", nodes: { node1: node(11), node2: node(12, pinned) } };
  const { code, output } = await preview(
    { bridge: { pods } },
    { "ranges-apart": { ranges: { test: ["10.244.0.0/16"], rack2: ["10.245.0.0/16"] } } },
  );
  expect(output).toContain("site-policy@v1.0.0");
  expect([code, output]).toEqual([0, expect.not.stringContaining("mandatory")]);
});

test("every broken rule is told, with what breaks it, and the preview fails", async () => {
  const trusting = node(11, { onFirstUse: true });
  const { code, output } = await preview(
    {
      bridge: { pods: { podCidr: "10.244.0.0/16", nodes: { node1: trusting } } },
      canal: { rest: canal("10.200.0.0/16", 13), more: canal("10.201.0.0/16", 14) },
    },
    { "ranges-apart": { ranges: { rack2: ["10.244.128.0/24"] } } },
  );
  expect(code).not.toBe(0);
  expect(output).toContain("podCidr 10.244.0.0/16 of pods overlaps 10.244.128.0/24 of stack rack2");
  expect(output).toContain("the host key of node1 is neither pinned nor looked up in known_hosts");
  expect(output).toMatch(/(rest|more) \(canal\) and (rest|more) \(canal\) are both on cluster/);
});

test("a site that compares keys takes no known_hosts for a pin", async () => {
  const pods = { podCidr: "10.244.0.0/16", nodes: { node1: node(11), node2: node(12, pinned) } };
  const { code, output } = await preview({ bridge: { pods } }, { "host-keys-pinned": { knownHosts: false } });
  expect(code).not.toBe(0);
  expect(output).toContain("the host key of node1 is not pinned;");
  expect(output).not.toContain("the host key of node2");
});
