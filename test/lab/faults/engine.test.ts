import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Inventory, type NodeStateInput } from "../../../components";
import type { Lab } from "../../../lab";
import { Stack, type Wanted } from "../../engine/stack";
import { endLab, freshLab } from "../fresh-lab";
import { committed, isIn, isState, lingering, type Phase, phases, reaches, seen, slowRenames } from "./node";

const name = "engine";
const node = "node1";
/** Of a run that is killed, where its steps or its verdict have to be made within; all others have to end well. */
const longer: Partial<Record<Phase, number>> = { steps: 20, applied: 20, confirming: 60 };
let lab: Lab;
let stack: Stack;
let pristine: string;

beforeAll(async () => {
  lab = await freshLab(name, [{ name: node, segment: "b", kind: "full" }]);
  await slowRenames(lab, node);
  pristine = await seen(lab, node);
  stack = await Stack.create();
});
afterAll(async () => {
  stack?.remove();
  await endLab(name);
});

/** Waits for a confirmation, since it has a rule; its unit takes its time, so that every moment of it can be met. */
function state(number: number): NodeStateInput {
  const content = `# ${number}\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 0.7\n`;
  return {
    files: [{ path: "/etc/podnet-a", content: `${number}\n` }],
    rules: [{ priority: 2000 + number, from: "10.250.0.0/16", table: 200 }],
    units: [{ name: "podnet-slow.service", content, enabled: false }],
  };
}

function wanted(number: number, seconds = 60): Wanted {
  const connection = Inventory.fromFile(lab.inventoryFile).nodes[0]?.connection;
  const args = { node, owner: "test", connection, state: state(number), windowSeconds: seconds };
  return { type: "NodeState", name: "one", args };
}

const want = (number: number, seconds?: number) => stack.want(wanted(number, seconds));

/** Kills the engine in a phase of a change; answers whether the change was made all the same. */
async function killed(phase: Phase, number: number): Promise<"old" | "new"> {
  want(number, longer[phase] ?? 6);
  await lingering(lab, node, true);
  const { child, ended } = stack.start("up", "--yes", "--skip-preview");
  expect(await reaches(lab, node, phase, ended)).toBe(true);
  child.kill("SIGKILL");
  await ended;
  await expect.poll(() => isIn(lab, node, "preparing"), { timeout: 150_000 }).toBe(false);
  await lingering(lab, node, false);
  const found = await committed(lab, node);
  if (isState(found, state(number))) return "new";
  expect(isState(found, state(number - 1))).toBe(true);
  return "old";
}

const minutes = 60_000;

const words = "kill -9 of pulumi at any moment of a change leaves the old or the new state, and cancel and up go on";
test(words, { timeout: 30 * minutes }, async () => {
  want(0);
  await stack.must("up", "--yes", "--skip-preview");
  for (const [index, phase] of phases.entries()) {
    const end = await killed(phase, index + 1);
    // What has its verdict is made, whoever dies.
    if (phase === "confirming") expect([phase, end]).toEqual([phase, "new"]);
    await stack.must("cancel", "--yes");
    want(index + 1);
    await stack.must("up", "--yes", "--skip-preview", "--refresh");
    expect(isState(await committed(lab, node), state(index + 1))).toBe(true);
    expect(await stack.must("preview", "--expect-no-changes", "--refresh")).not.toContain("changed by hand");
  }
  await stack.must("destroy", "--yes", "--skip-preview");
  expect(await seen(lab, node)).toBe(pristine);
});

test("what a killed pulumi without checkpoints did not write down is found on the node by the next up", async () => {
  const quick = await Stack.create({ environment: { PULUMI_SKIP_CHECKPOINTS: "true" } });
  const silent = createServer().listen(0, "127.0.0.1");
  try {
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const elsewhere = { host: "127.0.0.1", port, connectTimeoutSeconds: 600 };
    const connection = { ...(wanted(1).args.connection as object), ...elsewhere };
    const other = { node: "node2", owner: "test", connection, state: {} };
    quick.want(wanted(1), { type: "NodeState", name: "other", args: other });
    const { child, ended } = quick.start("up", "--yes", "--skip-preview");
    await expect.poll(() => committed(lab, node), { timeout: 5 * minutes }).toBeDefined();
    child.kill("SIGKILL");
    await ended;
    const made = await manifest();
    await quick.must("cancel", "--yes");
    expect(await quick.resources()).toEqual({});
    quick.want(wanted(1));
    expect(await quick.must("up", "--yes", "--skip-preview")).toContain("as wanted already");
    expect(await manifest()).toBe(made);
    await quick.must("destroy", "--yes", "--skip-preview");
    expect(await seen(lab, node)).toBe(pristine);
  } finally {
    silent.close();
    quick.remove();
  }
});

const manifest = async () => (await lab.exec(node, "cat /var/lib/podnet/test/manifest.json")).stdout;
