import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Port } from "../../../../components/calico/policy/port";
import { Selector } from "../../../../components/calico/policy/selector";
import { checkSelector } from "../../../../components/calico/policy/selector-grammar";

const message = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("a port", () => {
  test.each(["tcp/443", "udp/8000-8100", "sctp/5000", "tcp/metrics"])("%s reads as it is written", (text) => {
    expect(String(Port.parse(text))).toBe(text);
  });

  test.each([
    ["443", "did you mean tcp/443?"],
    ["443/tcp", "did you mean tcp/443?"],
    ["tcp:443", "did you mean tcp/443?"],
    ["53 udp", "did you mean udp/53?"],
    ["dns", "did you mean udp/53?"],
    ["https", "did you mean tcp/443?"],
    ["tcp/70000", "has the port 70000"],
    ["tcp/0", "has the port 0"],
    ["tcp/443-80", "did you mean tcp/80-443?"],
    ["tcp/a_b", "names a port that no pod can have"],
    ["icmp/8", "is not a port with its protocol"],
  ])("%s is refused: %s", (text, expected) => {
    expect(message(() => Port.parse(text))).toContain(expected);
  });

  test("a range holds its ports and nothing else", () => {
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(port, port, port, (one, other, third) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        expect(Port.tcpRange(first, last).includes(Port.tcp(third))).toBe(first <= third && third <= last);
        expect(Port.tcpRange(first, last).includes(Port.udp(third))).toBe(false);
      }),
    );
    expect(Port.tcp("metrics").includes(Port.tcp("metrics"))).toBe(true);
    expect(Port.tcpRange(1, 65535).includes(Port.tcp("metrics"))).toBe(false);
  });
});

describe("a selector", () => {
  test.each([
    "all()",
    "has(role)",
    "!has(role)",
    "role == 'db'",
    'role != "db"',
    "role in { 'a', 'b' }",
    "role not in {'a'}",
    "role in { }",
    "role starts with 'd' && role ends with 'b'",
    "role contains 'd'",
    "projectcalico.org/namespace == 'web' || (has(a.b/c) && !(x == 'y'))",
    "in == 'x'",
    "contains == 'x'",
    "global()",
  ])("%s", (text) => {
    expect(checkSelector(text)).toBeUndefined();
  });

  test.each([
    ["role = 'db'", "did you mean ==?"],
    ["role == db", "did you mean role == 'db'?"],
    ["role", "did you mean has(role)?"],
    ["role in ('a')", "did you mean role in { 'a', 'b' }?"],
    ["role in { a }", "did you mean 'a'?"],
    ["has(a) and has(b)", "did you mean &&?"],
    ["has(a), has(b)", "did you mean &&?"],
    ["has(a) & has(b)", "did you mean &&?"],
    ["has(a) | has(b)", "did you mean ||?"],
    ["(has(a)", ") is asked for"],
    ["has(a))", "is left over"],
    ["", "not the end"],
    ["role == 'db", "nothing begins like this"],
    ["role == ", "a value in quotes is asked for"],
    ["'x' == role", "a label, has(), all() or ( is asked for"],
  ])("%s is refused: %s", (text, expected) => {
    expect(checkSelector(text)).toContain(expected);
  });

  test("joined ones keep their meaning and can be read again", () => {
    const either = Selector.has("a").or(Selector.equals("b", "it's"));
    expect(String(either.and(Selector.isIn("c", ["x", "y"])))).toBe(`(has(a) || b == "it's") && c in { 'x', 'y' }`);
    expect(String(Selector.parse("has(a) || has(b)").and(Selector.all()))).toBe("(has(a) || has(b)) && all()");
    expect(String(either.not())).toBe(`!(has(a) || b == "it's")`);
    expect(checkSelector(String(either.not().and(either)))).toBeUndefined();
  });

  test("whatever is written, the answer is a sentence or nothing", () => {
    const words = fc.constantFrom("role", "'a'", "==", "!=", "in", "{", "}", "(", ")", "!", "&&", "||", ",", "has(a)");
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (list) => {
        const text = list.join(" ");
        const problem = checkSelector(text);
        if (problem !== undefined) expect(problem).toContain(`"${text}" is not a selector: `);
      }),
    );
  });
});
