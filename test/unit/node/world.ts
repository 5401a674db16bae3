import type { Facts } from "../../../components/node/facts";
import { type Attributes, identity, type Step } from "../../../components/node/item";

/** A node with nothing on it, for tests that say only what matters to them. */
export function emptyFacts(): Facts {
  return {
    bootId: "b",
    openvswitch: undefined,
    generation: "g",
    tools: new Set(
      "ip bridge nft iptables ip6tables systemctl systemd-run setsid ping sha256sum modprobe timeout curl".split(" "),
    ),
    links: new Map(),
    addresses: [],
    routes: [],
    rules: [],
    floods: new Map(),
    modules: new Set(),
    sysctls: new Map(),
    paths: new Map(),
    units: new Map(),
    nftables: new Map(),
    listings: new Map(),
    tables: new Set(),
    dropsForward: [],
    iptables: new Set(),
    managed: new Map(),
    others: new Map(),
    manifest: undefined,
    pending: undefined,
    owners: [],
  };
}

/** Things on a node by identity; what steps do to it, one after another. */
export type World = Map<string, Attributes>;

export function carryOut(world: World, steps: Step[]): World {
  const after = new Map(world);
  for (const step of steps) {
    const name = identity(step);
    if (step.to === null) after.delete(name);
    else after.set(name, { ...after.get(name), ...step.to });
  }
  return after;
}
