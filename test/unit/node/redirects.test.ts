import { expect, test } from "vitest";
import { type Item, identity } from "../../../components/node/item";
import { resolve } from "../../../components/node/resolve";
import { nodeState } from "../../../components/node/state";
import { emptyFacts } from "./world";

const forwarding: Item = { kind: "sysctl", key: "net/ipv4/ip_forward", value: { value: "1" }, shared: true };
const redirects: Item = {
  kind: "sysctl",
  key: "net/ipv4/conf/all/accept_redirects",
  value: { value: "0" },
  shared: true,
};

/** Whether what was there of accept_redirects is remembered, to be put back when podnet goes. */
function remembers(forwards: "0" | "1", ...owned: Item[]): boolean {
  const facts = emptyFacts();
  facts.sysctls.set(forwarding.key, forwards);
  facts.sysctls.set(redirects.key, forwards === "0" ? "1" : "0");
  const state = nodeState.parse({ sysctls: { "net.ipv4.ip_forward": "1" } });
  const { items } = resolve(state, facts, new Map(owned.map((item) => [identity(item), item])));
  return items.some((item) => identity(item) === identity(redirects));
}

test.each([
  ["forwarding begins with podnet", true, "0", []],
  ["it began with podnet", true, "1", [forwarding, redirects]],
  ["it began with podnet, and somebody switched it off", true, "0", [forwarding, redirects]],
  ["it was on before podnet", false, "1", [forwarding]],
  ["it was on before podnet, and somebody switched it off", false, "0", [forwarding]],
] as const)("where %s, accept_redirects is podnet's to put back: %s", (_, expected, forwards, owned) => {
  expect(remembers(forwards, ...owned)).toBe(expected);
});
