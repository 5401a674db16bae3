import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { observed } from "../../../../lab/kubernetes/stand-in/observed";

const json = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)));

const wanted = {
  metadata: { name: "web", labels: { app: "web" } },
  spec: { replicas: 2, containers: [{ name: "main", image: "web:1", cpu: "1000m" }], ports: [80, 443] },
};
/** As the API server has it: with its own words, order and defaults. */
const live = {
  metadata: { name: "web", uid: "7", labels: { app: "web" } },
  spec: {
    replicas: 2,
    strategy: "RollingUpdate",
    containers: [
      { name: "injected", image: "side:1" },
      { name: "main", image: "web:1", cpu: "1", tty: false },
    ],
    ports: [80, 443],
  },
};

/** The live object after somebody's change. */
function changed(change: (object: typeof live) => void): typeof live {
  const copy = structuredClone(live);
  change(copy);
  return copy;
}

test("an object that nobody changed is as it was wanted, whatever the API server made of it", () => {
  const same = fc.property(json, json, (inputs, object) => {
    expect(observed(inputs, object, structuredClone(object))).toBe(inputs);
  });
  fc.assert(same);
  const started = changed((object) => Object.assign(object, { status: { ready: 2 } }));
  expect(observed(wanted, live, started)).toEqual(wanted);
});

describe("a change by hand shows where it was made, and nowhere else", () => {
  test.each([
    [
      "a number",
      (o: typeof live) => void Object.assign(o.spec, { replicas: 5 }),
      { ...wanted, spec: { ...wanted.spec, replicas: 5 } },
    ],
    [
      "a field of an element that is known by its name",
      (o: typeof live) => void Object.assign(o.spec.containers[1] ?? {}, { image: "web:2" }),
      { ...wanted, spec: { ...wanted.spec, containers: [{ name: "main", image: "web:2", cpu: "1000m" }] } },
    ],
    [
      "a list that is longer",
      (o: typeof live) => void o.spec.ports.push(8080),
      { ...wanted, spec: { ...wanted.spec, ports: [80, 443, 8080] } },
    ],
    [
      "a label that is gone",
      (o: typeof live) => void Reflect.deleteProperty(o.metadata.labels, "app"),
      { ...wanted, metadata: { name: "web", labels: {} } },
    ],
    [
      "an element that is gone",
      (o: typeof live) => void o.spec.containers.pop(),
      { ...wanted, spec: { ...wanted.spec, containers: [] } },
    ],
  ])("%s", (_what, change, expected) => {
    expect(observed(wanted, live, changed(change))).toEqual(expected);
  });

  test("what others added is not ours to show", () => {
    const more = changed((object) => Object.assign(object.metadata.labels, { team: "a" }));
    expect(observed(wanted, live, more)).toEqual(wanted);
  });
});
