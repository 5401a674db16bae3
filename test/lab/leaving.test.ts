import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeState } from "../../components";
import { type Bed, bed } from "./bed";
import { must } from "./handmade";
import { difference } from "./kubernetes/world";
import { contiv } from "./leaving/contiv";
import { nuage } from "./leaving/nuage";
import type { Residue } from "./leaving/residue";
import { romana } from "./leaving/romana";
import { weave } from "./leaving/weave";

// No cluster is here: what a network's daemons leave is made by hand, and what its component makes of a node is what
// takes it away. A node is one of a system alone, so that nothing of another is mistaken for its own.
const systems = [weave, romana, contiv, nuage];
const nodeOf = ({ system }: Residue) => system.toLowerCase();

let place: Bed;
beforeAll(async () => {
  const nodes = systems.map((one) => ({ name: nodeOf(one), segment: "a" as const, kind: "full" as const }));
  place = await bed("leaving", nodes, ["ipset"]);
  for (const one of systems) await must(place.lab, nodeOf(one), `set -e\n${one.beside}`);
});
afterAll(() => place?.end());

/** Everything on a node that podnet may change, and what else of the kernel a network leaves. */
async function seen(node: string): Promise<string> {
  const more = await must(
    place.lab,
    node,
    "ipset save; ip xfrm policy; ip xfrm state; ls /var/log/cni /usr/bin/netctl 2>/dev/null; true",
  );
  return `${await place.lab.snapshot(node)}\n${more}`;
}

const left = async (one: Residue) => (await place.lab.exec(nodeOf(one), one.look)).stdout.split("\n").filter(Boolean);

/** The node's part of the network "pods", as its component has it. */
function program(one: Residue, adopt: boolean) {
  return async () => {
    const nodes = place.inventory([nodeOf(one)]);
    for (const { name, connection } of nodes.nodes)
      new NodeState(`pods-${name}`, {
        node: name,
        owner: "pods",
        connection: connection as never,
        state: one.states(nodes)[name] ?? {},
        adopt,
      });
  };
}

describe.sequential.each(systems)("$system leaves", (one) => {
  const node = nodeOf(one);
  let found: string;

  test("nothing of what its daemons made after podnet had prepared the node, and nothing else is touched", async () => {
    found = await seen(node);
    expect(await left(one)).toEqual([]);
    place.program.run = program(one, false);
    await place.stack.up();
    await must(place.lab, node, `set -e\n${one.make}`);
    expect(await left(one)).toHaveLength(one.things);
    await place.stack.destroy();
    expect(await left(one)).toEqual([]);
    expect(difference(found, await seen(node))).toEqual([]);
  });

  test("nothing of an installation that podnet never made, once it is adopted and destroyed", async () => {
    await must(place.lab, node, `set -e\n${one.make}`);
    place.program.run = program(one, true);
    await place.stack.up();
    await place.stack.destroy();
    expect(await left(one)).toEqual([]);
    expect(difference(found, await seen(node))).toEqual([]);
  });

  test("all of it while it is only started again, or the node shuts down", async () => {
    await must(place.lab, node, `set -e\n${one.make}`);
    place.program.run = program(one, true);
    await place.stack.up();
    const before = await left(one);
    await must(
      place.lab,
      node,
      "systemctl restart podnet-pods-clean; systemctl stop podnet-pods-clean; systemctl start podnet-pods-clean",
    );
    expect(await left(one)).toEqual(before);
    await place.stack.destroy();
    expect(difference(found, await seen(node))).toEqual([]);
  });
});
