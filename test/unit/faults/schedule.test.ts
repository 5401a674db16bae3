import { describe, expect, test } from "vitest";
import { phases } from "../../lab/faults/node";
import { faults, scheduleOf } from "../../lab/faults/random/schedule";
import { cuts } from "../../lab/faults/random/states";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const fifty = (seed: number) => Array.from({ length: 50 }, (_, index) => scheduleOf(seed, index + 1));

describe("the 50 runs of npm test, whatever their seed,", () => {
  test("have every fault, every cut and every moment of a change", () => {
    for (const seed of seeds) {
      const drawn = fifty(seed);
      expect(new Set(drawn.map(({ fault }) => fault))).toEqual(new Set(faults));
      // A cut in a removal is none.
      expect(new Set(drawn.filter(({ after }) => after).map(({ cut }) => cut))).toEqual(new Set(Object.keys(cuts)));
      expect(new Set(drawn.map(({ phase }) => phase))).toEqual(new Set(phases));
    }
  });

  test("are the same each time, and others under another seed", () => {
    const words = (seed: number) => fifty(seed).map(({ fault, cut, phase }) => `${fault} ${cut} ${phase}`);
    expect(words(1)).toEqual(words(1));
    expect(words(1)).not.toEqual(words(2));
  });
});
