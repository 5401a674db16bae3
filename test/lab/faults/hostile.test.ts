import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeStateInput } from "../../../components";
import { quote } from "../../../components/node/quote";
import { nodeStateSettings } from "../../../components/node/settings";
import { type NodeStateDocument, nodeState } from "../../../components/node/state";
import type { Lab } from "../../../lab";
import { Plugin } from "../../provider/plugin";
import { endLab, freshLab } from "../fresh-lab";
import { committed, difference, seen } from "./node";
import { Program } from "./program";

const name = "hostile";
const node = "node1";
/** With systemd, for what a light node cannot have. */
const full = "node2";
let lab: Lab;
let plugin: Plugin;
const pristine = new Map<string, string>();

beforeAll(async () => {
  lab = await freshLab(name, [
    { name: node, segment: "a", kind: "light" },
    { name: full, segment: "a", kind: "full" },
  ]);
  for (const one of [node, full]) pristine.set(one, await seen(lab, one));
  plugin = await Plugin.start();
});
afterAll(async () => {
  plugin?.stop();
  await endLab(name);
});

const owned = "/opt/owned";
const run = `touch ${owned}`;
const hostile: Record<string, string> = {
  newline: `x\n${run}\n`,
  "single quote": `x'; ${run}; '`,
  "double quote": `x"; ${run}; "`,
  "command substitution": `$(${run})`,
  backticks: `\`${run}\``,
  semicolon: `; ${run};`,
  "or and pipe": `|| ${run} | ${run} & ${run}`,
  redirection: `> ${owned}`,
  "a here-document's end": `END\nEOF\n${run}\n`,
  braces: `}; ${run}; {`,
  "leading dashes": `-rf --help -- ${owned}`,
  "backslash at the end": `x\\`,
  NUL: `x\0'; ${run}; '`,
  "format specifiers": "%s%n%c\\x00\\n%%",
  unicode: "Ünïcödé – 節点 – 🐧\u200b\u202e",
  "10 kB": "x".repeat(10_000),
  "128 kB with a quote": `${"y".repeat(131_072)}'; ${run}`,
};

/** Every setting that is text and reaches a shell, with a hostile value in it; each alone. */
const places: Record<string, (value: string) => NodeStateInput> = {
  "a module": (value) => ({ modules: [value] }),
  "a sysctl's name": (value) => ({ sysctls: { [`net.ipv4.${value}`]: "1" } }),
  "a sysctl's value": (value) => ({ sysctls: { "net.ipv4.ip_forward": value } }),
  "a directory": (value) => ({ directories: [{ path: `/opt/hostile/${value}` }] }),
  "a file's path": (value) => ({ files: [{ path: `/opt/hostile/${value}`, content: "" }] }),
  "a file's content": (value) => ({ files: [{ path: "/opt/hostile/content", content: value }] }),
  "a file's mode": (value) => ({ files: [{ path: "/opt/hostile/mode", content: "", mode: value }] }),
  "a link": (value) => ({ links: [{ type: "bridge", name: value }] }),
  "a hardware address": (value) => ({ links: [{ type: "bridge", name: "br9", mac: value }] }),
  "a port's bridge": (value) => ({ links: [{ type: "device", name: "eth0", master: value }] }),
  "a tunnel's peer": (value) => ({
    links: [{ type: "vxlan", name: "vx9", vni: 9, local: "198.18.0.9", peers: [{ address: value }] }],
  }),
  "an address": (value) => ({ addresses: [{ device: "lo", address: value }] }),
  "an address's device": (value) => ({ addresses: [{ device: value, address: "198.51.100.1/32" }] }),
  "an uplink": (value) => ({ uplinks: [{ device: value, bridge: value }] }),
  "a route": (value) => ({ routes: [{ to: value, device: "lo" }] }),
  "a route's next hop": (value) => ({ routes: [{ to: "10.99.0.0/24", via: value }] }),
  "a route's device": (value) => ({ routes: [{ to: "10.99.0.0/24", device: value }] }),
  "an artifact's path": (value) => ({
    artifacts: [{ path: `/opt/hostile/${value}`, sha256: "0".repeat(64), url: "http://127.0.0.1:1/a" }],
  }),
  "whom a rule is for": (value) => ({ rules: [{ priority: 1000, from: value, table: 77 }] }),
  "where a rule is for": (value) => ({ rules: [{ priority: 1000, to: value, table: 77 }] }),
  "a rule's mark": (value) => ({ rules: [{ priority: 1000, fwmark: value, table: 77 }] }),
  "a table's name": (value) => ({ nftables: [{ family: "inet", table: value, ruleset: "" }] }),
  "a ruleset": (value) => ({ nftables: [{ family: "inet", table: "hostile", ruleset: value }] }),
  "an iptables chain": (value) => ({ iptables: [{ chain: value, rule: ["-j", "ACCEPT"] }] }),
  "an iptables word": (value) => ({ iptables: [{ chain: "FORWARD", rule: ["-m", "comment", "--comment", value] }] }),
  "a unit's name": (value) => ({ units: [{ name: `${value}.service` }] }),
  "an artifact's URL": (value) => ({
    artifacts: [{ path: "/opt/hostile/a", sha256: "0".repeat(64), url: `http://127.0.0.1:1/${value}` }],
  }),
};

/** Settings beside the state, as text that reaches a script or what a node remembers. */
const settings: Record<string, (value: string) => Record<string, unknown>> = {
  "the owner": (value) => ({ owner: value }),
  "the node's name": (value) => ({ node: value }),
  // A probe is a shell command, and whoever writes it runs it; words in it that are quoted stay words.
  "a word of a probe": (value) => ({
    probes: [{ command: `test ${value.includes("\0") ? value : quote(value)} != x` }],
  }),
  "a probe's address": (value) => ({ probes: [{ ping: value }] }),
};

const parsed = (state: NodeStateInput): NodeStateDocument | undefined => nodeState.safeParse(state).data;

/** What was not run, on a node that is as before once the program is gone. */
async function endsClean(program: Program, on: string, kind: string, outcome: string): Promise<void> {
  expect((await lab.exec(on, `ls ${owned}`)).code, `${kind} was run: ${outcome}`).not.toBe(0);
  await program.destroy(plugin);
  expect(difference(pristine.get(on) ?? "", await seen(lab, on)), `${kind}: ${outcome}`).toBe("");
}
const outcomeOf = (run: Promise<void>): Promise<string> =>
  run.then(
    () => "done",
    (error: Error) => error.message,
  );

test.each(Object.entries(places))(
  "hostile words in %s are refused or carried as they are, never run",
  async (_, put) => {
    for (const [kind, value] of Object.entries(hostile)) {
      const state = put(value);
      if (!parsed(state)) continue;
      const program = new Program(lab, node, { windowSeconds: 60 });
      const outcome = await outcomeOf(program.up(plugin, state));
      const found = await committed(lab, node);
      // What was accepted is what the node holds, to the letter.
      if (outcome === "done") expect(found, kind).toEqual(parsed(state));
      for (const file of (outcome === "done" && state.files) || [])
        expect((await lab.exec(node, `cat '${file.path.replaceAll("'", `'\\''`)}'`)).stdout, kind).toBe(file.content);
      await endsClean(program, node, kind, outcome);
    }
  },
);

test.each(Object.entries(settings))(
  "hostile words in %s are refused or carried as they are, never run",
  async (_, put) => {
    for (const [kind, value] of Object.entries(hostile)) {
      const { owner = "test", ...more } = put(value);
      // What a rule does waits for a confirmation, and so probes are asked for.
      const state: NodeStateInput = more.probes
        ? { rules: [{ priority: 1000, from: "10.9.0.0/16", table: 77 }] }
        : { files: [{ path: "/opt/hostile/content", content: "" }] };
      const known = { node, owner, connection: { host: "198.18.0.1" }, state, ...more };
      const isTaken = nodeStateSettings.safeParse(known).success;
      const program = new Program(lab, node, { windowSeconds: 60, ...more }, String(owner));
      const outcome = await outcomeOf(program.up(plugin, state));
      expect(outcome === "done", `${kind}: ${outcome}`).toBe(isTaken);
      // What is refused at preview has met no node.
      if (isTaken) await endsClean(program, node, kind, outcome);
    }
    expect((await lab.exec(node, `ls ${owned}`)).code).not.toBe(0);
  },
);

test("hostile words in a unit's content are refused or carried as they are, never run", async () => {
  for (const [kind, value] of Object.entries(hostile)) {
    const content = `[Service]\nType=oneshot\nExecStart=/bin/true\n# ${value}`;
    const state = { units: [{ name: "podnet-hostile.service", content, enabled: false, active: false }] };
    const program = new Program(lab, full, { windowSeconds: 60 });
    const outcome = await outcomeOf(program.up(plugin, state));
    expect(outcome === "done", `${kind}: ${outcome}`).toBe(parsed(state) !== undefined);
    if (outcome !== "done") continue;
    const { stdout } = await lab.exec(full, "cat /etc/systemd/system/podnet-hostile.service");
    expect(stdout, kind).toBe(content);
    await endsClean(program, full, kind, outcome);
  }
});
