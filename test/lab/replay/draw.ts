import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { InventoryInput } from "../../../components";
import { networkChanges } from "../../../components/changes";
import { choices, type NetworkName, networks } from "./choices";
import type { Settings } from "./played";

/** The settings of all networks, as a program writes them; their nodes by name. */
export type Wanted = Record<NetworkName, Settings>;

/** The bridge twice in a turn of all: its runs are the only ones that send packets meanwhile. */
const deck: readonly NetworkName[] = (() => {
  const others = networks.filter((network) => network !== "bridge");
  const half = Math.ceil(others.length / 2);
  return ["bridge", ...others.slice(0, half), "bridge", ...others.slice(half)];
})();

/** What every setting is before the first run. */
export const first: Wanted = Object.fromEntries(
  networks.map((network) => {
    const { always, choices: own } = choices[network];
    return [network, { ...always, ...Object.fromEntries(Object.entries(own).map(([name, [value]]) => [name, value])) }];
  }),
) as Wanted;

/** The network that a run changes. */
export const networkOf = (run: number): NetworkName => deck[(run - 1) % deck.length] as NetworkName;

/**
 * Runs of some networks, in their order, as many together as change different ones: the engine previews and makes those
 * in one go, and each is held against what was said of it alone.
 */
export function rounds(runs: readonly number[]): number[][] {
  const all: number[][] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (!last || last.some((one) => networkOf(one) === networkOf(run))) all.push([run]);
    else last.push(run);
  }
  return all;
}

/** How often settings are drawn until there are some that are valid and others. */
const mostTries = 200;

/**
 * Other settings for a run's network, valid ones; which, the seed, the run and what is there decide.
 *
 * @param inventory the nodes that there are
 */
export function draw(seed: number, run: number, from: Wanted, inventory: InventoryInput): Wanted {
  const network = networkOf(run);
  const own = choices[network].choices;
  const names = fc.subarray(Object.keys(own), { minLength: 1, maxLength: 2 });
  const drawn = names.chain((some) =>
    fc.record(Object.fromEntries(some.map((name) => [name, fc.constantFrom(...(own[name] as unknown[]))]))),
  );
  const tries = fc.sample(drawn, { seed: (Math.imul(seed, 0x9e3779b1) + run) | 0, numRuns: mostTries });
  for (const change of tries) {
    const settings = { ...from[network], ...change };
    if (!isDeepStrictEqual(settings, from[network]) && isValid(network, settings, inventory))
      return { ...from, [network]: settings };
  }
  throw new Error(`run ${run} finds no other settings of ${network}`);
}

/** Whether the table of changes refuses a run's change, so that its network stays as it is. */
export function isRefused(run: number, from: Wanted, to: Wanted, inventory: InventoryInput): boolean {
  const network = networkOf(run);
  const [was, is] = [from, to].map((wanted) => recorded(network, wanted[network], inventory));
  return (networkChanges[network]?.(was, is) ?? []).some((change) => change.class === "refused");
}

/** The settings that the runs before this one leave, of the networks that have these nodes. */
export function before(seed: number, run: number, own: readonly NetworkName[], inventory: InventoryInput): Wanted {
  return Array.from({ length: run - 1 }, (_, index) => index + 1)
    .filter((one) => own.includes(networkOf(one)))
    .reduce((wanted, one) => {
      const next = draw(seed, one, wanted, inventory);
      return isRefused(one, wanted, next, inventory) ? wanted : next;
    }, first);
}

/** Whether the settings alone are in order; whether they may follow on those in force is for the preview to say. */
export function isValid(network: NetworkName, settings: Settings, inventory: InventoryInput): boolean {
  try {
    recorded(network, settings, inventory);
    return true;
  } catch {
    return false;
  }
}

function recorded(network: NetworkName, { nodes, ...rest }: Settings, inventory: InventoryInput) {
  const given = nodes ? { ...rest, nodes: only(inventory, nodes as string[]) } : rest;
  return choices[network].recorded(given);
}

function only(inventory: InventoryInput, names: readonly string[]): InventoryInput {
  const nodes = Object.entries(inventory.nodes).filter(([name]) => names.includes(name));
  return { ...inventory, nodes: Object.fromEntries(nodes) };
}
