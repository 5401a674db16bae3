import { expect, test } from "vitest";
import { progress } from "../../../commands/progress";

function shown(total: number, isTTY: boolean): string {
  let text = "";
  const lines = progress(total, {
    isTTY,
    write: (more) => {
      text += more;
    },
  });
  for (let node = 1; node <= Math.min(total, 3); node += 1) lines.done(`node${node}`, "probed");
  lines.end();
  return text;
}

test("a line a node on a small cluster", () => {
  expect(shown(3, true)).toBe("node1 probed\nnode2 probed\nnode3 probed\n");
});

test("one line that counts on a large cluster, and goes when the result comes", () => {
  const text = shown(1000, true);
  expect(text).not.toContain("\n");
  expect(text).toContain("3 of 1000 nodes probed");
  expect(text.endsWith("\r\x1b[K")).toBe(true);
});

test("nothing in a log", () => {
  expect(shown(3, false)).toBe("");
  expect(shown(1000, false)).toBe("");
});
