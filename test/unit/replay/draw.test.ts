import { describe, expect, test } from "vitest";
import { networkChanges } from "../../../components/changes";
import { choices, networks } from "../../lab/replay/choices";
import { before, draw, first, isRefused, isValid, networkOf, rounds, type Wanted } from "../../lab/replay/draw";

const node = (host: string, segment: string) => ({ connection: { host }, segment });
const inventory = {
  segments: { a: { subnets: ["198.18.0.0/22", "fd98:0:a::/64"] }, b: { subnets: ["198.18.4.0/22", "fd98:0:b::/64"] } },
  nodes: Object.fromEntries(
    ["node1", "node2", "node3", "node4"].map((name, index) => {
      const segment = index % 2 === 0 ? "a" : "b";
      const addresses = [`198.18.${index % 2 === 0 ? 0 : 4}.${11 + index}`, `fd98:0:${segment}::${11 + index}`];
      return [name, { ...node(addresses[0] as string, segment), addresses }];
    }),
  ),
};

/** Runs until every network has had its turn. */
const turn = networks.length + 1;

/** Every change of a seed, as if none was refused. */
function chain(seed: number, runs: number): Wanted[] {
  let wanted = first;
  return Array.from({ length: runs }, (_, index) => {
    wanted = draw(seed, index + 1, wanted, inventory);
    return wanted;
  });
}

describe("the changes of a replay", () => {
  test("are of every network that is played, one network at a time", () => {
    const played = Array.from({ length: turn }, (_, index) => networkOf(index + 1));
    expect(new Set(played)).toEqual(new Set(networks));
    for (const network of networks) expect(networkChanges).toHaveProperty(network);
    const changes = chain(3, turn);
    for (const [index, wanted] of changes.entries()) {
      const before = changes[index - 1] ?? first;
      const changed = networks.filter((network) => JSON.stringify(wanted[network]) !== JSON.stringify(before[network]));
      expect(changed).toEqual([networkOf(index + 1)]);
    }
  });

  test("are the same each time, and others under another seed", () => {
    expect(chain(1, turn)).toEqual(chain(1, turn));
    expect(chain(1, turn)).not.toEqual(chain(2, turn));
  });

  test.each(networks)("of %s come to every choice: it is valid, alone or with one other", (network) => {
    const own = Object.entries(choices[network].choices);
    const pairs = own.flatMap(([name, values]) => values.map((value) => ({ [name]: value })));
    const isMet = (one: object) =>
      [{}, ...pairs].some((other) => isValid(network, { ...first[network], ...other, ...one }, inventory));
    expect(pairs.filter((one) => !isMet(one))).toEqual([]);
  });

  test("from a later one on are those that follow when all before it were played, those refused left out", () => {
    let wanted = first;
    let refused = 0;
    for (let run = 1; run <= 2 * turn; run++) {
      const next = draw(5, run, wanted, inventory);
      const isOut = isRefused(run, wanted, next, inventory);
      refused += isOut ? 1 : 0;
      if (!isOut) wanted = next;
    }
    expect(refused).toBeGreaterThan(0);
    expect(before(5, 2 * turn + 1, networks, inventory)).toEqual(wanted);
  });

  test("are made together as long as each is of another network, and none is left out", () => {
    const own = Array.from({ length: 2 * turn }, (_, index) => index + 1);
    const together = rounds(own);
    expect(together.flat()).toEqual(own);
    for (const round of together) expect(new Set(round.map(networkOf)).size).toBe(round.length);
    expect(together.length).toBeLessThan(own.length / 4);
  });
});
