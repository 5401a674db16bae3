import { readFileSync } from "node:fs";
import { AddressPlan, NodeState } from "../../components";
import { without } from "../../components/addresses/runs";
import { type BenchNode, bridge, bridgeAddress, filesOf, nic, pool, runsOf, sysctls } from "../network";

/** What the benchmark tells the program, in a file beside it. */
export interface Wanted {
  nodes: BenchNode[];
  privateKeyFile: string;
  knownHostsFile: string;
}

/**
 * The program of a platform team that makes the end state with podnet's building blocks: subnets that never move, and
 * one resource a node. A `BridgeNetwork` would also probe, which none of the other tools does.
 */
export function program(wantedFile: string): void {
  const { nodes, privateKeyFile, knownHostsFile }: Wanted = JSON.parse(readFileSync(wantedFile, "utf8"));
  const { subnets } = new AddressPlan("bench", { pools: [pool], nodes: nodes.map(({ name }) => name) });
  const plan = subnets.apply((known) => {
    const all = nodes.map((node) => ({ ...node, subnet: known[node.name]?.[0] as string }));
    return { runs: runsOf(all), nodes: new Map(all.map((node) => [node.name, node])) };
  });
  for (const { name, address } of nodes)
    new NodeState(name, {
      node: name,
      owner: "bench",
      connection: { host: address, key: { file: privateKeyFile }, hostKey: { knownHosts: knownHostsFile } },
      state: plan.apply((known) => {
        const node = known.nodes.get(name);
        if (!node) throw new Error(`${name} has no subnet`);
        return {
          sysctls,
          files: filesOf(node),
          links: [{ type: "bridge" as const, name: bridge }],
          addresses: [{ device: bridge, address: bridgeAddress(node) }],
          routes: without(known.runs, node.subnet).map((run) => ({ ...run, device: nic })),
        };
      }),
    });
}
