import type { Facts } from "./facts";
import { describeAttributes, type Item, identity, type Step, satisfies } from "./item";
import { observe } from "./plan";

/**
 * What a removal left behind. A module that others use stays loaded, and a directory that others filled stays: both
 * are harmless and not ours any more.
 */
export function residue(steps: Step[], facts: Facts, owned: Map<string, Item>): string[] {
  return steps
    .filter(({ kind }) => kind !== "module" && kind !== "directory")
    .flatMap((step) => {
      const observed = observe({ ...step, value: step.to }, facts, owned);
      if (satisfies(observed, step.to)) return [];
      return [
        `${identity(step)} is ${describeAttributes(observed)}, and was ${describeAttributes(step.to)} before podnet`,
      ];
    });
}
