import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr } from "../../../components/addresses/cidr";
import { without } from "../../../components/policy/outside";
import { Peer } from "../../../components/policy/peer";
import { read, refusal } from "./read";

const message = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("a peer", () => {
  test.each([
    [Peer.range("10.0.0.0/8").except("10.1.0.0/16"), "10.0.0.0/8 except 10.1.0.0/16"],
    [Peer.range("2001:db8::/32"), "2001:db8::/32"],
    [Peer.namespace("monitoring", { app: "prometheus" }), "pods app=prometheus of monitoring"],
    [Peer.namespaces({ team: "a" }), "all pods of namespaces team=a"],
    [Peer.everyPod({ app: "x" }), "pods app=x of every namespace"],
    [Peer.pods({ app: "x" }), "pods app=x of the same namespace"],
  ])("%s reads as it is meant", (peer, text) => {
    expect(String(peer)).toBe(text);
  });

  test.each([
    ["10.0.0.1/8", "did you mean 10.0.0.0/8?"],
    ["10.0.0.0", "did you mean 10.0.0.0/8?"],
    ["192.0.2.7", "did you mean 192.0.2.7/32?"],
    ["monitoring", "did you mean { namespace: monitoring }?"],
    ["app=web", "did you mean { pods: { app: web } }?"],
    ["10.0.0.0/8 except 192.0.2.0/24", "192.0.2.0/24 does not lie inside 10.0.0.0/8"],
    ["10.0.0.0/8 except 10.0.0.0/8", "10.0.0.0/8 does not lie inside 10.0.0.0/8"],
    ["10.0.0.0/8 except 10.1.0.0", "did you mean 10.1.0.0/16?"],
    ["10.0.0.0/8 except 10.1.0.0/16 except 10.2.0.0/16", "join the ranges by commas"],
  ])("%s is refused: %s", (text, expected) => {
    expect(message(() => Peer.parse(text))).toContain(expected);
    expect(refusal({ openings: { others: { it: { to: text } } } })).toContain(expected);
  });

  test("pods and namespaces that cannot be are refused with what was probably meant", () => {
    expect(message(() => Peer.namespace("Kube_System"))).toContain("did you mean kube-system?");
    expect(message(() => Peer.pods({}))).toContain("leave it out to mean all");
    expect(message(() => Peer.everyPod({ "a b": "c" }))).toContain("a label's key");
  });

  test("a namespace has nothing to leave out", () => {
    expect(message(() => Peer.namespace("web").except("10.0.0.0/8"))).toContain("except belongs to Peer.range");
  });

  test("a value and its text are the same setting", () => {
    const allowance = (to: unknown) =>
      read({ openings: { others: { it: { to } } } } as never).baseline.allowances.find(({ name }) => name === "it");
    expect(allowance(Peer.range("10.0.0.0/8").except("10.1.0.0/16"))).toEqual(
      allowance("10.0.0.0/8 except 10.1.0.0/16"),
    );
    expect(allowance(Peer.namespace("a", { b: "c" }))).toEqual(allowance({ namespace: "a", pods: { b: "c" } }));
  });
});

test("a range without its holes has every other address once, and none of the holes", () => {
  const address = fc.integer({ min: 0, max: 255 });
  const hole = fc.record({ base: address, prefix: fc.integer({ min: 25, max: 32 }) });
  const whole = Cidr.parse("198.51.100.0/24");
  fc.assert(
    fc.property(fc.array(hole, { maxLength: 4 }), address, (holes, one) => {
      const cut = holes.map(({ base, prefix }) => Cidr.around(`198.51.100.${base}/${prefix}`));
      const ip = whole.address(one);
      const inHole = cut.some((other) => other.contains(ip));
      expect(without(whole, cut).filter((part) => part.contains(ip))).toHaveLength(inHole ? 0 : 1);
    }),
  );
});
