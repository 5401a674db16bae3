import { z } from "zod";
import type { ManifestTexts } from "./facts";
import { type Item, identity } from "./item";
import { item } from "./item-schema";
import { kinds } from "./kinds";
import { printable } from "./printable";
import { type NodeStateDocument, nodeState } from "./state";
import { ownerName } from "./words";

/** What a node remembers of one owner: what was wanted, what that became here, and what was there before. */
export interface Manifest {
  version: 1;
  owner: string;
  /** The node's name in the inventory. */
  node: string;
  /** Token of the change that was committed last. */
  change: string;
  state: NodeStateDocument;
  /** Items that the state does not list but that follow from it on this node: moved addresses, parent directories. */
  derived: Item[];
  /** What stood in an item's place before podnet came. An item that is not listed here: nothing did. */
  origins: Item[];
}

export function manifestTexts({ derived, origins, ...wanted }: Manifest): ManifestTexts {
  return { manifest: JSON.stringify(wanted), origins: JSON.stringify({ derived, origins }) };
}

// What follows from a state is never a file, a unit or a rule: a manifest owns those only by listing them.
const derivedKinds = ["directory", "openvswitch", "link", "sysctl", "address", "route", "iptables"];
const remembered = z.strictObject({
  version: z.literal(1),
  owner: ownerName,
  node: z.string().max(255),
  change: z.string().regex(/^[0-9a-f]{0,32}$/),
  state: nodeState,
  derived: z.array(item.refine(({ kind }) => derivedKinds.includes(kind), "no kind that follows from a state")),
  origins: z.array(item),
});

/** @param owner whose manifest was asked for */
export function parseManifest(texts: ManifestTexts | undefined, owner: string): Manifest | undefined {
  if (texts === undefined) return undefined;
  const document = { ...parseObject(texts.manifest), ...parseObject(texts.origins) } as Partial<Manifest>;
  if (Number.isInteger(document.version) && document.version !== 1)
    throw new Error(
      `the node's manifest has version ${document.version}; this podnet knows version 1: use a newer podnet`,
    );
  const { success, data, error } = remembered.safeParse(document);
  if (success && data.owner === owner) return data;
  const why = success ? `it is ${data.owner}'s` : z.prettifyError(error);
  throw new Error(
    `what the node remembers of ${owner} is not what podnet writes: ${printable(why, 600)}. ` +
      `See /var/lib/podnet/README and /var/lib/podnet/${owner} on the node; nothing was changed`,
  );
}

function parseObject(text: string): object {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null ? document : {};
  } catch {
    return {};
  }
}

/** Everything the owner has on the node, by identity. */
export function ownedItems(manifest: Pick<Manifest, "state" | "derived"> | undefined): Map<string, Item> {
  if (!manifest) return new Map();
  return byIdentity([...stateItems(manifest.state), ...manifest.derived]);
}

const expanded = new WeakMap<NodeStateDocument, readonly Item[]>();

/** All that a state lists, with runs as the single things they stand for; worked out once for a state. */
export function stateItems(state: NodeStateDocument): readonly Item[] {
  const known = expanded.get(state);
  if (known) return known;
  const items = Object.values(kinds).flatMap((kind) => kind.items(state));
  expanded.set(state, items);
  return items;
}

export function byIdentity(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [identity(item), item]));
}
