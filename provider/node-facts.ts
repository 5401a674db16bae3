import { isDeepStrictEqual } from "node:util";
import { undoScript } from "../components/node/confirm-script";
import type { Facts, Pending } from "../components/node/facts";
import { factsScript } from "../components/node/facts-script";
import type { Item } from "../components/node/item";
import { byIdentity, type Manifest, ownedItems, parseManifest, stateItems } from "../components/node/manifest";
import { parseFacts } from "../components/node/parse-facts";
import { printable } from "../components/node/printable";
import { questionsFor } from "../components/node/questions";
import type { NodeStateDocument } from "../components/node/state";
import { ChangeFailed } from "./change-failed";
import { type Reach, session, sleep, step, words } from "./node-reach";
import type { Session } from "./ssh/session";

export interface NodeFacts {
  facts: Facts;
  manifest: Manifest | undefined;
  owned: Map<string, Item>;
}

/**
 * Reads a node, once: unless its manifest holds things nobody asked about (the program's memory was lost, or another
 * program changed the node), which are then asked for.
 */
export async function readNode(
  reach: Reach,
  states: (NodeStateDocument | undefined)[],
  open: () => Promise<Session> = () => session(reach),
): Promise<NodeFacts> {
  const asked = byIdentity(states.flatMap((state) => (state ? stateItems(state) : [])));
  const read = (items: Item[]) => step(reach, "facts", () => ask(reach, items, open));
  const first = await read([...asked.values()]);
  const all = new Map([...asked, ...first.owned]);
  // Most of what follows from a state is asked with it.
  const known = isDeepStrictEqual(questionsFor([...asked.values()]), questionsFor([...all.values()]));
  return known ? first : read([...all.values()]);
}

async function ask(reach: Reach, items: Item[], open: () => Promise<Session>): Promise<NodeFacts> {
  const result = await (await open()).run(factsScript(reach.owner, questionsFor(items)), {
    signal: reach.context.signal,
  });
  if (!result.stdout.includes("@@podnet end"))
    throw new Error(
      `${reach.node}: its facts could not be read (exit code ${result.code}): ${printable(result.stderr.trim()) || "no message"}`,
    );
  try {
    const facts = parseFacts(result.stdout);
    const manifest = parseManifest(facts.manifest, reach.owner);
    return { facts, manifest, owned: ownedItems(manifest) };
  } catch (error) {
    throw new Error(`${reach.node}: ${words(error)}`);
  }
}

/**
 * How often an overdue change is taken back before the node is given up, how long its own undo is waited for that says
 * nothing, and how long others' changes are.
 */
const undoAttempts = 3;
const graceSeconds = 30;
const patienceSeconds = 2 * 3600;

/** Waits for another's unconfirmed change to end; one that is overdue is brought to its end. */
export async function settled(reach: Reach, states: (NodeStateDocument | undefined)[]): Promise<NodeFacts> {
  const patience = performance.now() + patienceSeconds * 1000;
  let said = "";
  let grace = 0;
  for (let undone = 0; ; ) {
    const found = await readNode(reach, states);
    const { pending } = found.facts;
    if (!pending) return found;
    const isGivenUp = undone >= undoAttempts && (said !== "" || performance.now() > grace);
    if (isGivenUp || performance.now() > patience)
      throw new ChangeFailed(`${reach.node}: nothing was changed: ${unfinished(pending, said)}`, true);
    if (pending.secondsLeft > 0) {
      reach.context.status(`waits for the change of ${pending.owner} (at most ${pending.secondsLeft} s)`);
      const seconds = Math.min(2, pending.secondsLeft);
      await step(
        reach,
        "wait",
        () => sleep(seconds, reach.context.signal),
        () => `change of ${pending.owner}`,
      );
    } else {
      reach.context.status(`takes back an unfinished change of ${pending.owner}`);
      if (undone === 0) grace = performance.now() + graceSeconds * 1000;
      undone += 1;
      const undo = async () => (await session(reach)).run(undoScript(pending.token), { signal: reach.context.signal });
      const { stdout } = await step(reach, "undo", undo, ({ code }) => `exit ${code}`, { token: pending.token });
      said = printable(stdout.trim(), 400);
      // Somebody else may be at it.
      if (undone > 1) await sleep(2, reach.context.signal);
    }
  }
}

/** Why a change past its deadline is still there, and what to do about it. */
export function unfinished({ owner, verdict }: Pending, said: string): string {
  const what = verdict === "commit" ? "is made and cannot be written down" : "cannot be taken back entirely";
  return (
    `a change of ${owner} is pending past its deadline and ${what}${said ? ` (${said})` : ""}. Is the node's disk ` +
    "full or read-only? The next run and the next boot try again; by hand, follow /var/lib/podnet/README there"
  );
}
