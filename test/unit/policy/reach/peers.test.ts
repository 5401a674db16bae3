import { describe, expect, test } from "vitest";
import { nine, policy, wrong } from "./matrix";
import { all, type Case, denyX, egress, ingress, intoA, ns, one, only, pod, space } from "./words";

const cases: Case[] = [
  ["no policy leaves everything open", [], () => true],
  [
    "an ingress policy without rules closes the namespace's pods",
    [policy("x/p", { podSelector: all })],
    ({ to }) => ns(to) !== "x",
  ],
  [
    "an egress policy without rules closes what leaves them",
    [policy("x/p", egress({ podSelector: all }))],
    ({ from }) => ns(from) !== "x",
  ],
  [
    "both directions without rules cut the namespace off",
    [denyX],
    ({ from, to }) => ns(from) !== "x" && ns(to) !== "x",
  ],
  [
    "policyTypes without Egress leave egress open, though there are rules",
    [policy("x/p", ingress({ podSelector: all, egress: [] }))],
    ({ to }) => ns(to) !== "x",
  ],
  [
    "egress rules without policyTypes decide over both directions",
    [policy("x/p", { podSelector: pod("a"), egress: [{}] })],
    intoA(() => false),
  ],
  [
    "an empty list of policyTypes is as none",
    [policy("x/p", { podSelector: pod("a"), policyTypes: [], egress: [{}] })],
    intoA(() => false),
  ],
  ["an empty rule takes everything", [policy("x/p", ingress({ podSelector: all, ingress: [{}] }))], () => true],
  ["an empty egress rule takes everything", [policy("x/p", egress({ podSelector: all, egress: [{}] }))], () => true],
  ["an absent podSelector means every pod", [policy("x/p", ingress({}))], ({ to }) => ns(to) !== "x"],
  [
    "pods of the policy's own namespace by label",
    [policy("x/p", only(pod("a"), { podSelector: pod("b") }))],
    intoA(({ from }) => from === "x/b"),
  ],
  [
    "an empty podSelector is the own namespace",
    [policy("x/p", only(pod("a"), { podSelector: all }))],
    intoA(({ from }) => ns(from) === "x"),
  ],
  [
    "namespaces by label",
    [policy("x/p", only(pod("a"), { namespaceSelector: space("y") }))],
    intoA(({ from }) => ns(from) === "y"),
  ],
  [
    "an empty namespaceSelector is every namespace",
    [policy("x/p", only(pod("a"), { namespaceSelector: all }))],
    () => true,
  ],
  [
    "a namespace by the name that is always its label",
    [policy("x/p", only(pod("a"), { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "z" } } }))],
    intoA(({ from }) => ns(from) === "z"),
  ],
  [
    "both selectors in one peer must hold",
    [policy("x/p", only(pod("a"), { namespaceSelector: space("y"), podSelector: pod("b") }))],
    intoA(({ from }) => from === "y/b"),
  ],
  [
    "selectors in two peers are either",
    [policy("x/p", only(pod("a"), { namespaceSelector: space("y") }, { podSelector: pod("b") }))],
    intoA(({ from }) => ns(from) === "y" || from === "x/b"),
  ],
  [
    "In takes one of several namespaces",
    [policy("x/p", only(pod("a"), { namespaceSelector: one("ns", "In", "y", "z") }))],
    intoA(({ from }) => ns(from) !== "x"),
  ],
  [
    "NotIn takes namespaces beside one",
    [policy("x/p", only(pod("a"), { namespaceSelector: one("ns", "NotIn", "y") }))],
    intoA(({ from }) => ns(from) !== "y"),
  ],
  [
    "NotIn takes pods without the label",
    [policy("x/p", only(pod("a"), { podSelector: one("absent", "NotIn", "v") }))],
    intoA(({ from }) => ns(from) === "x"),
  ],
  ["Exists takes any value", [policy("x/p", only(pod("a"), { namespaceSelector: one("ns", "Exists") }))], () => true],
  [
    "DoesNotExist takes none that has it",
    [policy("x/p", only(pod("a"), { podSelector: one("pod", "DoesNotExist") }))],
    intoA(() => false),
  ],
  [
    "an expression selects the policy's own pods",
    [policy("x/p", ingress({ podSelector: one("pod", "In", "a", "b") }))],
    ({ to }) => to !== "x/a" && to !== "x/b",
  ],
];

describe("which pods a NetworkPolicy means", () => {
  test.each(cases)("%s", (_, policies, wanted, change) => {
    expect(wrong(nine(policies, change), wanted)).toEqual([]);
  });
});
