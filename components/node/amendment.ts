import { type Item, identity, type Step, satisfies } from "./item";
import { routeProtocol } from "./kinds/route";
import { byIdentity, stateItems } from "./manifest";
import { order } from "./order";
import type { NodeStateDocument } from "./state";

/**
 * The steps from one committed state to the next when they can be made without reading the node: routes that come or
 * change their next hop, and peers of a tunnel, as when another node joins. None of them can cut the node off, and each
 * fails, rather than takes something over, when the node is not as it was committed.
 *
 * undefined: the change is more than that, and the node must be read.
 */
export function amendment(before: NodeStateDocument, after: NodeStateDocument): Step[] | undefined {
  if (movesNics(before) || movesNics(after)) return undefined;
  const [old, next] = [byIdentity(stateItems(before)), byIdentity(stateItems(after))];
  if ([...old.keys()].some((name) => !next.has(name))) return undefined;
  const steps = [...next.values()].flatMap((item) => stepTo(item, old.get(identity(item))));
  return steps.every(isHarmless) ? order(steps) : undefined;
}

/** What a NIC brought along is known only to the node. */
function movesNics(state: NodeStateDocument): boolean {
  return (
    state.uplinks.length > 0 ||
    state.links.some((link) => link.type === "bridge" && link.macFrom) ||
    state.openvswitch.length > 0
  );
}

function stepTo(item: Item, before: Item | undefined): Step[] {
  if (before && satisfies(before.value, item.value)) return [];
  return [{ kind: item.kind, key: item.key, from: before?.value ?? null, to: item.value }];
}

function isHarmless({ kind, key, from, to }: Step): boolean {
  if (kind === "route") return !key.includes("/0 ") && to?.protocol === routeProtocol;
  if (kind !== "link" || from === null || to === null) return false;
  return satisfies({ ...from, peers: to.peers ?? null }, to);
}
