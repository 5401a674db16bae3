import type { Facts } from "./facts";
import { type Attributes, describeAttributes, type Item, identity, type Step, satisfies } from "./item";
import { kinds } from "./kinds";
import { sha256 } from "./kinds/file";
import { isMade, needsAnew } from "./kinds/link";
import { routeProtocol } from "./kinds/route";
import { byIdentity, type Manifest, ownedItems } from "./manifest";
import { movesOf, order } from "./order";
import { agree, contradiction, type OtherOwner } from "./other-owners";
import { undo } from "./undo";

export interface Plan {
  /** In the order of their work. */
  steps: Step[];
  /** The way back, in an order of its own. */
  undo: Step[];
  /** What the manifest will remember as having been there before podnet. */
  origins: Item[];
  /** Why the plan may not be carried out; empty when it may. */
  problems: string[];
  /** What could not be put back afterwards; empty when all can. */
  irreversible: string[];
  /** Why the change could cut the node off; empty when it cannot. */
  dangers: string[];
}

interface Wanted {
  items: readonly Item[];
  manifest: Manifest | undefined;
  facts: Facts;
  /** Other owners on the same node: what they share stays theirs. */
  others?: OtherOwner[];
  /** Take over what others made and is in the way. */
  adopt: boolean;
}

/** From what is there to what is wanted: the steps, what they replace, and what speaks against them. */
export function plan({ items, manifest, facts, others = [], adopt }: Wanted): Plan {
  const owned = ownedItems(manifest);
  const before = byIdentity(manifest?.origins ?? []);
  const wanted = byIdentity(items);
  const steps: Step[] = recreations(items, facts, owned);
  const present = withoutDevices(facts, steps);
  const origins: Item[] = [];
  const problems: string[] = [];

  for (const item of items) {
    const name = identity(item);
    const observed = observe(item, present, owned, facts);
    const sharer = others.find((other) => other.owned.has(name));
    if (sharer && !agree(item, sharer.owned.get(name))) problems.push(contradiction(item, sharer));
    const origin = owned.has(name) ? (before.get(name)?.value ?? null) : originOf(item, observed, sharer);
    if (origin !== null)
      origins.push({ kind: item.kind, key: item.key, value: { ...attributesNamed(observed, item.value), ...origin } });
    if (satisfies(observed, item.value)) continue;
    const fixed = owned.has(name) || sharer ? undefined : fixedDifference(item, observed);
    if (fixed) problems.push(fixed);
    else if (!owned.has(name) && !sharer && origin !== null && !item.shared && !adopt)
      problems.push(
        `${identity(item)} is there already and was not made by podnet: remove it, or take it over with adopt: true`,
      );
    steps.push({ kind: item.kind, key: item.key, from: observed, to: withPurge(item.value, item) });
  }
  for (const [name, item] of owned) {
    if (wanted.has(name) || others.some((other) => other.owned.has(name))) continue;
    const observed = observe(item, present, owned, facts);
    const origin = before.get(name)?.value ?? null;
    if (isGone(item, observed, origin)) continue;
    if (!satisfies(observed, origin) && !(observed === null && item.value === null && origin === null))
      steps.push({ kind: item.kind, key: item.key, from: withPurge(observed, item), to: origin });
  }
  const ordered = order([...steps, ...lostRoutes(items, steps, present)]);
  return {
    steps: ordered,
    undo: undo(ordered, facts),
    origins,
    problems,
    irreversible: ordered.flatMap((step) => kinds[step.kind].irreversible?.(step) ?? []),
    dangers: [...new Set(ordered.flatMap((step) => dangerOf(step, facts)))],
  };
}

/** Routes that are as wanted, and go with an address that moves to another device. */
function lostRoutes(items: readonly Item[], steps: Step[], facts: Facts): Step[] {
  const left = new Set(movesOf(steps).map(({ key }) => key.split(" ")[0]));
  const named = new Set(steps.map(identity));
  return items
    .filter((item) => item.kind === "route" && !named.has(identity(item)))
    .map(({ kind, key, value }) => ({ kind, key, from: kinds[kind].observe(facts, key), to: value }))
    .filter(({ from }) => left.has(String(from?.device)));
}

function dangerOf(step: Step, facts: Facts): string[] {
  const reason = kinds[step.kind].danger(step, facts);
  return reason ? [`${identity(step)}: ${reason}`] : [];
}

/** A device of somebody else that is not there any more: who took it away brings it back, and what it was is no matter. */
function isGone({ kind }: Item, observed: Attributes | null, origin: Attributes | null): boolean {
  return kind === "link" && observed === null && !isMade(origin);
}

/** A table whose listing is as it was after the last change holds what was written then. */
export function observe(item: Item, facts: Facts, owned: Map<string, Item>, whole = facts): Attributes | null {
  const observed = kinds[item.kind].observe(facts, item.key, item.value);
  if (item.kind !== "nftables" || observed === null) return observed;
  const listing = whole.nftables.get(item.key) ?? "";
  const known = whole.listings.get(item.key);
  return known !== undefined && known === sha256(listing) ? (owned.get(identity(item))?.value ?? observed) : observed;
}

/**
 * What stood here before podnet: of what another owner made, what stood there before that one. A route with our
 * protocol number that no owner knows was left by a podnet whose memory is lost: nothing of somebody else's. Of a NIC only the attributes that are set are remembered: the rest is not ours to put back.
 */
function originOf(item: Item, observed: Attributes | null, sharer: OtherOwner | undefined): Attributes | null {
  if (sharer) return sharer.origins.get(identity(item))?.value ?? null;
  if (item.kind === "route" && observed?.protocol === routeProtocol) return null;
  return item.kind === "link" && item.shared && observed ? attributesNamed(observed, item.value) : observed;
}

/** The device of somebody else could not be made anew as it was: podnet does not know all that it was made with. */
function fixedDifference({ kind, key, value }: Item, observed: Attributes | null): string | undefined {
  if (kind !== "link" || !observed || !value) return undefined;
  const names = needsAnew(observed, value);
  if (names.length === 0) return undefined;
  const only = (attributes: Attributes) =>
    describeAttributes(
      Object.fromEntries(names.map((name) => [name, attributes[name] === "" ? "NIC" : (attributes[name] ?? null)])),
    );
  return (
    `link ${key} is there already, was not made by podnet and is another device (${only(observed)}, wanted ${only(value)}), ` +
    "which the kernel cannot change and podnet could not put back: remove it, or take another name"
  );
}

function attributesNamed(observed: Attributes | null, wanted: Attributes | null): Attributes {
  const names = Object.keys(wanted ?? {});
  return Object.fromEntries(Object.entries(observed ?? {}).filter(([name]) => names.includes(name)));
}

/** `purge` is our word, not the node's: the step that removes carries it, and so does the one whose undo removes. */
function withPurge(value: Attributes | null, item: Item): Attributes | null {
  return value && item.purge ? { ...value, purge: true } : value;
}

/** Devices that must be made anew go first, with the addresses and routes that go down with them. */
function recreations(items: readonly Item[], facts: Facts, owned: Map<string, Item>): Step[] {
  return items
    .filter((item) => item.kind === "link" && owned.has(identity(item)))
    .flatMap((item): Step[] => {
      const observed = kinds.link.observe(facts, item.key, item.value);
      if (!observed || !item.value || needsAnew(observed, item.value).length === 0) return [];
      const gone = (kind: "link" | "address" | "route", key: string): Step => ({
        kind,
        key,
        from: kinds[kind].observe(facts, key),
        to: null,
        recreate: true,
      });
      const addresses = facts.addresses.filter((entry) => entry.device === item.key && entry.scope !== "link");
      const routes = facts.routes.filter((entry) => entry.device === item.key && entry.protocol !== "kernel");
      return [
        ...routes.map((entry) => gone("route", `${entry.to} table ${entry.table} metric ${entry.metric}`)),
        ...addresses.map((entry) => gone("address", `${entry.device} ${entry.address}`)),
        gone("link", item.key),
      ];
    });
}

function withoutDevices(facts: Facts, steps: Step[]): Facts {
  const gone = new Set(steps.filter(({ kind }) => kind === "link").map(({ key }) => key));
  if (gone.size === 0) return facts;
  return {
    ...facts,
    links: new Map([...facts.links].filter(([name]) => !gone.has(name))),
    floods: new Map([...facts.floods].filter(([name]) => !gone.has(name))),
    addresses: facts.addresses.filter((entry) => !gone.has(entry.device)),
    routes: facts.routes.filter((entry) => entry.device === null || !gone.has(entry.device)),
  };
}
