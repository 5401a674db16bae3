import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../components/node/quote";
import { must } from "./shell";
import { nodeFolder } from "./state";
import type { PlacedNode } from "./topology";
import { switchNamespace, type Underlay } from "./underlay";

/**
 * `cable`: the switch port is down. `port`: the cable is in a port of the other segment, as in a wrong VLAN. `ssh`: a
 * firewall in the network drops SSH to and from the node.
 */
export type Cut = "cable" | "port" | "ssh";

/** Cuts a node off, at the switch: nothing changes in the node. A cable stays cut over reboots. */
export async function cut(underlay: Underlay, node: PlacedNode, how: Cut): Promise<void> {
  const space = switchNamespace(underlay);
  if (how === "cable") {
    await writeFile(cableMark(underlay, node), "");
    await must(`cut the cable of ${node.name}`, `ip -n ${space} link set dev ${node.name} down`);
  } else if (how === "port") {
    const other = node.segment === "a" ? "b" : "a";
    await must(`move the cable of ${node.name}`, `ip -n ${space} link set dev ${node.name} master segment-${other}`);
  } else {
    const element = `add element bridge podnet without_ssh { "${node.name}" }`;
    await must(`cut SSH to ${node.name}`, `ip netns exec ${space} nft ${quote(element)}`);
  }
}

/** Ends every cut of a node. */
export async function heal(underlay: Underlay, node: PlacedNode): Promise<void> {
  const space = switchNamespace(underlay);
  await rm(cableMark(underlay, node), { force: true });
  // `add` first, since deleting an element that is not there is an error.
  await must(
    `heal ${node.name}`,
    `ip -n ${space} link set dev ${node.name} master segment-${node.segment} up
ip netns exec ${space} nft -f - <<'END'
add element bridge podnet without_ssh { "${node.name}" }
delete element bridge podnet without_ssh { "${node.name}" }
END`,
  );
}

const cableMark = (underlay: Underlay, node: PlacedNode) => join(nodeFolder(underlay.name, node.name), "cable-cut");

/** How many SSH connections were begun to each node since the lab came up, counted by the switch at the SYN. */
export async function sshConnections(underlay: Underlay): Promise<Map<string, number>> {
  const listing = await must(
    "count SSH connections",
    `ip netns exec ${switchNamespace(underlay)} nft -j list set bridge podnet connections`,
  );
  const parsed = JSON.parse(listing) as { nftables: { set?: { elem?: CountedElement[] } }[] };
  const elements = parsed.nftables.flatMap(({ set }) => set?.elem ?? []);
  return new Map(elements.map(({ elem }) => [elem.val, elem.counter.packets]));
}

interface CountedElement {
  elem: { val: string; counter: { packets: number } };
}
