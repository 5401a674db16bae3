import { afterAll, beforeAll, expect, test } from "vitest";
import { Inventory } from "../../../components";
import type { Lab } from "../../../lab";
import { Stack } from "../../engine/stack";
import { endLab, freshLab } from "../fresh-lab";
import { difference, reaches, seen } from "./node";

const name = "two-runs";
const node = "node1";
let lab: Lab;
let pristine: string;
const stacks: Stack[] = [];

beforeAll(async () => {
  lab = await freshLab(name, [{ name: node, segment: "b", kind: "full" }]);
  pristine = await seen(lab, node);
  stacks.push(await Stack.create(), await Stack.create());
});
afterAll(async () => {
  for (const stack of stacks) stack.remove();
  await endLab(name);
});

/** What each of two programs wants: something that waits for a confirmation, and its own file. */
function want(owners: [string, string]): [Stack, Stack] {
  const { connection } = Inventory.fromFile(lab.inventoryFile).nodes[0] ?? {};
  for (const [index, stack] of stacks.entries()) {
    const state = {
      rules: [{ priority: 1000 + index, from: `10.${index}.0.0/16`, table: 70 + index }],
      files: [{ path: `/etc/podnet-${index}`, content: "one\n" }],
    };
    const args = { node, owner: owners[index], connection, state, windowSeconds: 60 };
    stack.want({ type: "NodeState", name: node, args });
  }
  return stacks as [Stack, Stack];
}

const rules = async () =>
  (await lab.exec(node, "ip rule show | grep -o 'lookup 7[01]'; ls -d /etc/podnet-[01]")).stdout;
const start = (stack: Stack, ...words: string[]) => stack.start(...words, "--yes", "--skip-preview");

test("two networks that are made at once on one node are both made, one after the other", async () => {
  const [left, right] = want(["one", "two"]);
  await Promise.all([left.must("up", "--yes", "--skip-preview"), right.must("up", "--yes", "--skip-preview")]);
  expect(await rules()).toBe("lookup 70\nlookup 71\n/etc/podnet-0\n/etc/podnet-1\n");
  await Promise.all([left.must("destroy", "--yes"), right.must("destroy", "--yes")]);
  expect(difference(pristine, await seen(lab, node))).toBe("");
});

test("two programs that want one network differently leave what one of them wants, whole", async () => {
  const [left, right] = want(["one", "one"]);
  const ends = await Promise.all([start(left, "up").ended, start(right, "up").ended]);
  expect(ends.some(({ code }) => code === 0)).toBe(true);
  expect(await rules()).toMatch(/^(lookup 70\n\/etc\/podnet-0|lookup 71\n\/etc\/podnet-1)\n$/);
  await Promise.all([left.must("destroy", "--yes"), right.must("destroy", "--yes")]);
  expect(difference(pristine, await seen(lab, node))).toBe("");
});

test("Ctrl-C while a change waits ends the run promptly, and the node takes the change back by itself", async () => {
  const [stack] = want(["one", "two"]);
  const slow = {
    name: "podnet-slow.service",
    content: "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 30\n",
  };
  const { connection } = Inventory.fromFile(lab.inventoryFile).nodes[0] ?? {};
  const state = { rules: [{ priority: 1000, from: "10.0.0.0/16", table: 70 }], units: [{ ...slow, enabled: false }] };
  stack.want({ type: "NodeState", name: node, args: { node, owner: "one", connection, state, windowSeconds: 40 } });
  const { child, ended } = start(stack, "up");
  expect(await reaches(lab, node, "steps", ended)).toBe(true);
  const began = performance.now();
  child.kill("SIGINT");
  const { code } = await ended;
  expect(code).not.toBe(0);
  expect(performance.now() - began).toBeLessThan(30_000);
  expect((await lab.exec(node, "systemctl show -p TimersMonotonic 'podnet-undo-*.timer'")).stdout).toContain(
    "OnActiveUSec",
  );
  await expect
    .poll(async () => difference(pristine, await seen(lab, node)), { timeout: 300_000, interval: 1000 })
    .toBe("");
});
