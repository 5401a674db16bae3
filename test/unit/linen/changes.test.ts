import { expect, test } from "vitest";
import { networkChanges } from "../../../components/changes";
import { changes, rules } from "../../../components/linen/changes";
import { linenSettings } from "../../../components/linen/settings";
import { recorded } from "../../../components/network-nodes/record";
import { paths } from "../setting-paths";
import { rack, read, star, type Written } from "./read";

const base: Written = { nodes: rack, topology: star };
const classes = (change: Partial<Written>) =>
  changes(recorded(read(base)), recorded(read({ ...base, ...change }))).map((one) => `${one.class} ${one.path}`);

test("every setting has a rule that says what its change does", () => {
  const known = Object.keys(rules);
  const covered = (path: string) => [path, `${path}.*`, path.replace(/\.\w+$/, "")].some((one) => known.includes(one));
  expect(paths(linenSettings).filter((path) => path !== "nodes" && !covered(path))).toEqual([]);
  expect(networkChanges.linen).toBe(changes);
});

test.each<[string, Partial<Written>, string[]]>([
  ["another hub", { topology: { type: "star", hub: "node2" } }, ["disruptive topology"]],
  ["a larger range", { podCidr: "10.240.0.0/12" }, ["rolling podCidr"]],
  ["another range", { podCidr: "10.250.0.0/16" }, ["refused podCidr"]],
  ["other parts", { nodePrefix: 25 }, ["refused nodePrefix"]],
  ["another MTU", { mtu: 1300 }, ["disruptive mtu"]],
  ["a controller", { controller: "tcp:192.0.2.9:6653" }, ["disruptive controller"]],
])("%s", (_, change, expected) => {
  expect(classes(change)).toEqual(expected);
});
