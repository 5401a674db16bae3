import { driftOf } from "../../components/node/drift";
import { factsScript } from "../../components/node/facts-script";
import type { Item } from "../../components/node/item";
import { ownedItems, parseManifest } from "../../components/node/manifest";
import { parseFacts } from "../../components/node/parse-facts";
import { questionsFor } from "../../components/node/questions";
import type { ScriptResult } from "../../provider/ssh/session";
import { type Finding, note, warning } from "./finding";

/** Differences that are named; the rest is counted. */
const shown = 10;

/** What podnet owns on a node, and what of it is not as it was committed. */
export async function ownershipFindings(
  owners: string[],
  run: (script: string) => Promise<ScriptResult>,
): Promise<Finding[]> {
  const found = await Promise.all(owners.map((owner) => ofOwner(owner, run)));
  return found.flat();
}

async function ofOwner(owner: string, run: (script: string) => Promise<ScriptResult>): Promise<Finding[]> {
  try {
    const read = async (items: Item[]) => {
      const facts = parseFacts((await run(factsScript(owner, questionsFor(items)))).stdout);
      return { facts, owned: ownedItems(parseManifest(facts.manifest, owner)) };
    };
    // The manifest says what is to be asked about: the first look is for it alone.
    const first = await read([]);
    const { facts, owned } = await read([...first.owned.values()]);
    const drift = driftOf(owned, facts);
    const lines = drift.map(({ item, expected, found }) =>
      warning(
        `${owner}: ${item} is ${found}, and was committed as ${expected}`,
        "pulumi refresh and pulumi up repair it; by hand: see /var/lib/podnet/README on the node",
      ),
    );
    const more = drift.length - shown;
    return [
      note(`podnet owns ${owner}: ${counted(owned)}`, "pulumi destroy removes it; by hand: see /var/lib/podnet/README"),
      ...lines.slice(0, shown),
      ...(more > 0 ? [warning(`${owner}: ${more} more things are not as committed`, "see pulumi refresh")] : []),
    ];
  } catch (error) {
    return [warning(`${owner}: ${(error as Error).message}`, `look at /var/lib/podnet/${owner} on the node`)];
  }
}

/** "1 link, 2 address, 13 route": by kind, in the order in which they are made. */
function counted(owned: Map<string, Item>): string {
  const kinds = Map.groupBy(owned.values(), ({ kind }) => kind);
  return [...kinds].map(([kind, items]) => `${items.length} ${kind}`).join(", ") || "nothing";
}
