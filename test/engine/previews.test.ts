import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { cases } from "./previews/cases";
import { expectRecorded } from "./previews/recorded";
import { asApplied } from "./previews/state";
import { Stack } from "./stack";

// What `podnet diff` is tested with: previews by the real engine and podnet's own plugin. The state that each is a change
// of is a preview's too, imported as if it had been applied: no node is needed to say what a change would do.

const components = join(__dirname, "../../dist/components");
const program = `
const { readFileSync } = require("node:fs");
const { BridgeNetwork, Inventory } = require("${components}");
const wanted = JSON.parse(readFileSync(__dirname + "/wanted.json", "utf8"));
if (wanted.pods) new BridgeNetwork("pods", { ...wanted.pods, nodes: Inventory.of(wanted.pods.nodes) });
`;

let stack: Stack;
const want = (pods: unknown) => writeFileSync(join(stack.folder, "wanted.json"), JSON.stringify({ pods }));

beforeAll(async () => {
  stack = await Stack.create({ programText: program });
});
afterAll(() => stack?.remove());

test.each(cases)("$name", async ({ name, before, after, unhealthy }) => {
  const state = join(stack.folder, "state.json");
  const empty = JSON.stringify({ version: 3, deployment: { resources: [] } });
  writeFileSync(state, empty);
  await stack.must("stack", "import", "--file", state, "--force");
  if (before) {
    want(before);
    writeFileSync(state, asApplied(await stack.must("preview", "--json", "--show-sames"), unhealthy));
    await stack.must("stack", "import", "--file", state, "--force");
  }
  want(after);
  const { output } = await stack.run("preview", "--json");
  expectRecorded(name, output, stack.folder);
});
