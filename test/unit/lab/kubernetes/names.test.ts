import { expect, test } from "vitest";
import { fromWire, toWire } from "../../../../lab/kubernetes/stand-in/names";

const written = {
  spec: { schemas: [{ x_kubernetes_preserve_unknown_fields: true, default: { my_own: 1 }, $ref: "#" }] },
};
const wire = {
  spec: { schemas: [{ "x-kubernetes-preserve-unknown-fields": true, default: { my_own: 1 }, $ref: "#" }] },
};

test("names that are no words of a program go over the wire as the API has them, all others as they are", () => {
  expect(toWire(written)).toEqual(wire);
  expect(fromWire(wire)).toEqual(written);
  expect(toWire(wire)).toEqual(wire);
});
