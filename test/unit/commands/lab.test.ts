import { expect, test } from "vitest";
import { nodeRequests } from "../../../commands/lab/requests";

test("the last third of the nodes stands behind the router", () => {
  expect(nodeRequests(3, undefined)).toEqual([
    { name: "node1", segment: "a", kind: "full" },
    { name: "node2", segment: "a", kind: "full" },
    { name: "node3", segment: "b", kind: "full" },
  ]);
  expect(nodeRequests(1, undefined).map(({ segment }) => segment)).toEqual(["a"]);
});

test("many nodes are light unless it is said otherwise", () => {
  expect(nodeRequests(100, undefined)[99]).toEqual({ name: "node100", segment: "b", kind: "light" });
  expect(nodeRequests(100, "full")[0]?.kind).toBe("full");
});
