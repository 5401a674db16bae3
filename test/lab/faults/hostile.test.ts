import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeStateInput } from "../../../components";
import { quote } from "../../../components/node/quote";
import { nodeStateSettings } from "../../../components/node/settings";
import { type NodeStateDocument, nodeState } from "../../../components/node/state";
import type { Lab } from "../../../lab";
import { Plugin } from "../../provider/plugin";
import { endLab, freshLab } from "../fresh-lab";
import { hostile, owned, places } from "./hostile-places";
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
