import type { Facts } from "./facts";
import { type Item, identity } from "./item";
import { acceptRedirects, forwarding } from "./kinds/sysctl";
import { byIdentity, stateItems } from "./manifest";
import { problemsOf } from "./problems";
import type { NodeStateDocument } from "./state";
import { uplinkItems } from "./uplink";

export interface Resolved {
  items: Item[];
  /** The items that the state alone does not give. */
  derived: Item[];
  problems: string[];
}

/** The state's items on this very node: NICs' addresses, hardware addresses and parent directories filled in. */
export function resolve(state: NodeStateDocument, facts: Facts, owned: Map<string, Item>): Resolved {
  const listed = stateItems(state).filter((item) => item.kind !== "iptables" || hasProgram(item, facts));
  const uplinks = state.uplinks.map((uplink) =>
    uplinkItems({ ...uplink, isOvs: isOvsBridge(state, uplink.bridge) }, facts, owned),
  );
  const derived = [
    ...parentDirectories(listed, facts, owned),
    ...foundDirectories(listed, facts, owned),
    ...hardwareAddresses(state, listed, facts),
    ...bridgeAddresses(state, listed, facts),
    ...firstInTable(listed, facts, owned),
    ...redirects(listed, facts, owned),
    ...uplinks.flatMap((uplink) => uplink.items),
  ];
  const items = [...byIdentity([...listed, ...derived]).values()];
  return {
    items,
    derived,
    problems: [...uplinks.flatMap((uplink) => uplink.problems), ...problemsOf(state, items, facts, owned)],
  };
}

/** Rules of iptables are not wanted where iptables is not: nobody else has rules there, either. */
export function hasProgram(item: Item, facts: Facts): boolean {
  const [family] = JSON.parse(item.key) as string[];
  return facts.tools.has(family === "ipv6" ? "ip6tables" : "iptables");
}

/** Directories above our files that are not there are made, and so are ours to remove. */
function parentDirectories(items: Item[], facts: Facts, owned: Map<string, Item>): Item[] {
  const paths = items.filter(({ kind }) => kind === "file" || kind === "artifact" || kind === "directory");
  const parents = new Set(paths.flatMap((item) => ancestors(item.key)));
  return [...parents]
    .sort()
    .map((key): Item => ({ kind: "directory", key, value: { type: "directory" }, shared: true }))
    .filter((item) => !items.some((other) => identity(other) === identity(item)))
    .filter((item) => !facts.paths.has(item.key) || owned.has(identity(item)))
    .map((item) => ({ ...item, value: { type: "directory", mode: "0755" } }));
}

/** A directory that others made keeps its mode. */
function foundDirectories(items: Item[], facts: Facts, owned: Map<string, Item>): Item[] {
  return items
    .filter((item) => item.kind === "directory" && facts.paths.has(item.key) && !isMade(owned.get(identity(item))))
    .map((item) => ({ ...item, value: { type: "directory" } }));
}

/** Made here, and so with a mode of ours. */
function isMade(item: Item | undefined): boolean {
  return item?.value?.mode !== undefined;
}

/** "/etc/cni/net.d/x" → ["/etc", "/etc/cni", "/etc/cni/net.d"]. */
export function ancestors(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

function hardwareAddresses(state: NodeStateDocument, items: Item[], facts: Facts): Item[] {
  return state.links.flatMap((link) => {
    const mac = link.type === "bridge" && link.macFrom ? facts.links.get(link.macFrom)?.mac : undefined;
    const item = items.find((candidate) => candidate.kind === "link" && candidate.key === link.name);
    return mac && item?.value ? [{ ...item, value: { ...item.value, mac } }] : [];
  });
}

function isOvsBridge({ openvswitch }: NodeStateDocument, name: string): boolean {
  return openvswitch.some((row) => row.table === "bridge" && row.name === name);
}

/** Open vSwitch takes any of its ports' hardware addresses for its own, and another when ports come, unless it is told. */
function bridgeAddresses(state: NodeStateDocument, items: Item[], facts: Facts): Item[] {
  return state.openvswitch.flatMap((row) => {
    const mac = row.table === "bridge" && row.macFrom ? facts.links.get(row.macFrom)?.mac : undefined;
    const item = items.find(({ kind, key }) => kind === "openvswitch" && key === `bridge ${row.name}`);
    if (!mac || !item?.value) return [];
    const told = [...(item.value.other_config as string[]), `hwaddr=${mac}`].sort();
    return [{ ...item, value: { ...item.value, other_config: told } }];
  });
}

/** iptables makes the whole table for its first rule; where there was none, it goes with our rule. */
function firstInTable(items: Item[], facts: Facts, owned: Map<string, Item>): Item[] {
  return items
    .filter(({ kind }) => kind === "iptables")
    .filter((item) => {
      const [family, table] = JSON.parse(item.key) as string[];
      const made = owned.get(identity(item));
      return made ? made.purge : !facts.tables.has(`${family === "ipv6" ? "ip6" : "ip"} ${table}`);
    })
    .map((item) => ({ ...item, purge: true }));
}

/**
 * A router takes no redirects; the kernel sees to it when forwarding begins, and what was before is remembered. Where
 * forwarding was on before podnet and somebody switched it off since, what is there is of that hand.
 */
function redirects(items: Item[], facts: Facts, owned: Map<string, Item>): Item[] {
  const item: Item = { kind: "sysctl", key: acceptRedirects, value: { value: "0" }, shared: true };
  const isOurs = owned.has(identity({ kind: "sysctl", key: forwarding }));
  const begins = (facts.sysctls.get(forwarding) === "0" && !isOurs) || owned.has(identity(item));
  const wanted = items.some(({ kind, key, value }) => kind === "sysctl" && key === forwarding && value?.value === "1");
  const said = items.some((other) => identity(other) === identity(item));
  return wanted && begins && !said && facts.sysctls.has(acceptRedirects) ? [item] : [];
}
