import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { quote } from "../../../components/node/quote";
import { nodeState } from "../../../components/node/state";
import { attachScript } from "../../../components/verification/phases/attach";
import { lookScript } from "../../../components/verification/phases/look";
import { verificationSettings } from "../../../components/verification/settings";
import { hostile, openvswitchPlaces, places } from "../../lab/faults/hostile-places";
import { planned, shell } from "./ovs-world";

interface Def {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  options?: z.ZodType[];
  element?: z.ZodType;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
}

const mark = "hostile-mark";
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Every place of a schema that takes text, and whether one of the values has the mark there. */
function textLeaves(schema: z.ZodType, values: unknown[], path = ""): Map<string, boolean> {
  const {
    type,
    innerType,
    in: from,
    shape,
    options,
    element,
    keyType,
    valueType,
  } = (schema as unknown as { def: Def }).def;
  const inside = innerType ?? from;
  if (inside) return textLeaves(inside, values, path);
  const objects = values.filter(isObject);
  if (shape)
    return merged(
      Object.entries(shape).map(([key, one]) =>
        textLeaves(
          one,
          objects.map((value) => value[key]),
          `${path}.${key}`,
        ),
      ),
    );
  if (options) return merged(options.map((option) => textLeaves(option, values, path)));
  if (element) return textLeaves(element, values.filter(Array.isArray).flat(), `${path}[]`);
  if (keyType && valueType)
    return merged([
      textLeaves(keyType, objects.flatMap(Object.keys), `${path}.KEY`),
      textLeaves(
        valueType,
        objects.flatMap((value) => Object.values(value)),
        `${path}.VALUE`,
      ),
    ]);
  return type === "string" ? new Map([[path, values.some((value) => String(value).includes(mark))]]) : new Map();
}

function merged(all: Map<string, boolean>[]): Map<string, boolean> {
  const result = new Map<string, boolean>();
  for (const [path, found] of all.flatMap((one) => [...one])) result.set(path, found || result.get(path) === true);
  return result;
}

/** A unit's content is asked of a node with systemd, in a test of its own. */
const elsewhere = [".units[].content"];

test("every setting of a state that is text is among those that hostile words are put in", () => {
  const states = [...Object.values(places), ...Object.values(openvswitchPlaces)].map((put) => put(mark));
  const leaves = textLeaves(nodeState, states);
  expect(leaves.size).toBeGreaterThan(50);
  const missing = [...leaves].filter(([path, found]) => !found && !elsewhere.includes(path)).map(([path]) => path);
  expect(missing).toEqual([]);
});

const folder = mkdtempSync(join(tmpdir(), "podnet-hostile-"));
beforeAll(() => {
  for (const [name, says] of [
    ["ovs-vsctl", `printf '%s\\n' "$@"`],
    ["touch", "echo was run"],
  ]) {
    writeFileSync(join(folder, name as string), `#!/bin/sh\n${says} >&3\n`);
    chmodSync(join(folder, name as string), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is said in a shell that has nothing but ovs-vsctl, which says its words, and what must not be run. */
function run(lines: string[]): string {
  const input = ["exec 3>&1", ...lines].join("\n");
  return spawnSync("/bin/sh", ["-s"], { input, env: { PATH: folder }, encoding: "utf8" }).stdout;
}

test.each(Object.entries(openvswitchPlaces))(
  "hostile words in %s reach Open vSwitch as they are, never a shell",
  (_, put) => {
    for (const [kind, value] of Object.entries(hostile)) {
      const state = put(value);
      // The kernel takes no argument of 128 kB.
      if (!nodeState.safeParse(state).success || value.length > 100_000) continue;
      const words = run(shell(planned(state).steps));
      expect(words, kind).not.toContain("was run");
      expect(
        [value, JSON.stringify(value).slice(1, -1)].some((form) => words.includes(form)),
        kind,
      ).toBe(true);
    }
  },
);

test("hostile words in a Verification's paths are in its scripts as one quoted word each", () => {
  const taken = Object.values(hostile).flatMap((value) => {
    const cni = { configFile: `/nowhere/${value}.conflist`, binaryDirectory: `/nowhere/${value}` };
    const nodes = [{ name: "node1", connection: { host: "192.0.2.1" } }];
    return verificationSettings.safeParse({ network: "pods", nodes, cni, mtu: 1500 }).data ?? [];
  });
  expect(taken.length).toBeGreaterThan(5);
  for (const settings of taken) {
    const { configFile, binaryDirectory } = settings.cni;
    const attach = attachScript(settings, [{ type: "bridge", config: { type: "bridge" } }], "0a1b", 120);
    for (const [script, path] of [
      [lookScript(settings), configFile],
      [attach, binaryDirectory],
    ] as const) {
      expect(script).toContain(quote(path));
      const words = [configFile, binaryDirectory, `${binaryDirectory}/bridge`].map(quote);
      expect(words.reduce((rest, word) => rest.replaceAll(word, ""), script)).not.toContain("/nowhere");
    }
  }
});
