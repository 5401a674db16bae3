import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../../components/node/printable";

test.each([
  ["colours", "\u001b[31mred\u001b[0m", "red"],
  ["a cursor that goes up and writes over a line", "fine\u001b[1A\u001b[2K\rnothing wrong", "finenothing wrong"],
  ["a window's title", "\u001b]0;title\u0007after", "after"],
  ["a link that looks like another", "\u001b]8;;http://evil/\u001b\\click\u001b]8;;\u001b\\", "click"],
  ["what writes into the clipboard", "\u001b]52;c;cm0gLXJmIC8=\u0007x", "x"],
  ["a sequence that never ends, without what stands on other lines", "\u001b]0;a\nRefused", "0;a\nRefused"],
  ["sequences in their one-character form", "\u009b31mred\u009d0;t\u009cx", "redx"],
  ["bells and backspaces", "a\u0007b\b\b\bc\u007f", "abc"],
  ["marks that turn text round", "user\u202e\u2066txt.exe", "usertxt.exe"],
])("%s does not reach a terminal", (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("what a tool prints is shown as it is", () => {
  const text = 'RTNETLINK answers: File exists\n\t"é €" → 日本\n';
  expect(printable(text)).toBe(text);
});

test("long text is cut, and says so", () => {
  expect(printable("x".repeat(5000), 10)).toBe("xxxxxxxxxx… (4990 more characters)");
});

test("nothing that a terminal acts on is left of any text", () => {
  const nasty = fc.array(
    fc.constantFrom("\u001b", "[", "]", "0", ";", "\u0007", "\u009b", "\u009d", "m", "\\", "\r", "P"),
  );
  fc.assert(
    fc.property(nasty, (parts) => {
      expect(printable(parts.join(""))).not.toMatch(/[^\P{Cc}\t\n]/u);
    }),
  );
});
