import { expect, test } from "vitest";
import { place, requestProblems } from "../../../lab/topology";

const hosts = (nodes: { name: string; host: number }[]) =>
  Object.fromEntries(nodes.map(({ name, host }) => [name, host]));

test("each segment counts its own hosts", () => {
  const nodes = place([], [{ name: "one" }, { name: "two", segment: "b" }, { name: "three" }]);
  expect(hosts(nodes)).toEqual({ one: 11, two: 11, three: 12 });
});

test("a node that stays keeps its address when others come and go", () => {
  const before = place([], [{ name: "one" }, { name: "two" }, { name: "three" }]);
  const after = place(before, [{ name: "four" }, { name: "three" }, { name: "two" }, { name: "five" }]);
  expect(hosts(after)).toEqual({ four: 11, three: 13, two: 12, five: 14 });
});

test("a node that changes its segment is another node", () => {
  const before = place([], [{ name: "one" }, { name: "two" }]);
  const after = place(before, [{ name: "one" }, { name: "two", segment: "b" }]);
  expect(after.map(({ name, segment, host }) => [name, segment, host])).toEqual([
    ["one", "a", 11],
    ["two", "b", 11],
  ]);
});

test("a node that becomes one of a cluster is another node, made anew", () => {
  const before = place([], [{ name: "one" }, { name: "two" }]);
  const after = place(before, [{ name: "one", kind: "kubernetes" }, { name: "two" }]);
  expect(after.map(({ name, kind, host }) => [name, kind, host])).toEqual([
    ["one", "kubernetes", 11],
    ["two", "full", 12],
  ]);
});

test("all wrong names are told at once", () => {
  const problems = requestProblems([{ name: "Node" }, { name: "operator" }, { name: "n1" }, { name: "n1" }]);
  expect(problems.join("\n")).toMatch(/"Node".*\n.*"operator".*\n.*"n1": asked for twice/);
});
