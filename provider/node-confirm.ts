import type { Change } from "../components/node/change-script";
import { abandonScript, commitScript, undoScript } from "../components/node/confirm-script";
import type { Facts, Pending } from "../components/node/facts";
import { describeAttributes, identity, satisfies } from "../components/node/item";
import { outcomes } from "../components/node/outcomes";
import { observe } from "../components/node/plan";
import { printable } from "../components/node/printable";
import { ChangeFailed } from "./change-failed";
import { type NodeFacts, readNode, unfinished } from "./node-facts";
import { freshSession, type Reach, session, sleep, step, words } from "./node-reach";

/** How long after its deadline a node is given to be back as it was. */
const graceSeconds = 60;

/**
 * Confirms a change over a new TCP connection, or sees to it that it was undone. Ends only when the node is in the
 * new state (returns) or is not (throws, saying what was seen).
 */
export async function awaitConfirmation(
  reach: Reach,
  change: Change,
  deadline: number,
  before: NodeFacts,
): Promise<void> {
  const { token } = change;
  let reason = "";
  while (performance.now() < deadline) {
    const left = Math.round((deadline - performance.now()) / 1000);
    reach.context.status(`confirms over a new connection (${left} s left)`);
    const attempt = await step(reach, "confirm", () => tryToConfirm(reach, change, left), outcomeOf, { token });
    if (attempt === "committed") return;
    reason = attempt.reason;
    if (attempt.final) break;
    await pause(reach, change, 0.5);
  }
  const rollback = () => awaitRollback(reach, change, deadline, before);
  const seen = await step(reach, "rollback", rollback, (end) => (end === "committed" ? end : end.words), { token });
  if (seen === "committed") return;
  throw new ChangeFailed(
    `${reach.node}: ${seen.words}: ${reason || "the change was not confirmed in time"}`,
    seen.restored,
  );
}

type Attempt = "committed" | { reason: string; final: boolean };

function outcomeOf(attempt: Attempt): string {
  return attempt === "committed" ? attempt : attempt.reason;
}

async function tryToConfirm(reach: Reach, change: Change, secondsLeft: number): Promise<Attempt> {
  try {
    const opened = await freshSession(reach, secondsLeft);
    const result = await opened.run(commitScript(change.token), { timeoutSeconds: Math.max(5, secondsLeft) });
    switch (result.code) {
      case outcomes.committed:
        return "committed";
      case outcomes.probeFailed:
        await opened.run(undoScript(change.token));
        return { reason: `after the change this failed on the node: ${printable(result.stdout.trim())}`, final: true };
      case outcomes.notPending:
        return { reason: "the node undid the change", final: true };
      case outcomes.unwritable:
        return { reason: "the node's disk does not take the confirmation: is it full, or read-only?", final: false };
      default:
        return { reason: `the change was still being made (code ${result.code})`, final: false };
    }
  } catch (error) {
    if (reach.context.signal.aborted) throw cancelled(reach, change);
    return { reason: `no new SSH connection after the change (${words(error)})`, final: false };
  }
}

/** Waits until the node can be reached without the change, and compares it with what it was. */
async function awaitRollback(
  reach: Reach,
  change: Change,
  deadline: number,
  before: NodeFacts,
): Promise<"committed" | { words: string; restored: boolean }> {
  let unseen = "";
  let isOver = false;
  // A change that nobody had to confirm may have taken longer than its window, before its connection was lost.
  const end = Math.max(deadline, performance.now()) + graceSeconds * 1000;
  while (performance.now() < end) {
    reach.context.status("waits for the node's own undo");
    try {
      const states = [before.manifest?.state, change.wanted];
      await (await freshSession(reach, 15)).run(abandonScript(change.token), { signal: reach.context.signal });
      const { facts } = await readNode(reach, states);
      if (facts.pending?.token !== change.token) {
        if (isCommitted(change, before, facts)) return "committed"; // and only the answer was lost
        // What is pending is read last: the rest may have been read while the node was still undoing.
        if (!isOver) {
          isOver = true;
          continue;
        }
        const differs = change.plan.undo.filter(
          (step) => !satisfies(observe({ ...step, value: step.to }, facts, before.owned), step.to),
        );
        if (differs.length === 0) return { words: "rolled back, node reachable", restored: true };
        const list = differs.slice(0, 5).map((step) => `${identity(step)} (was ${describeAttributes(step.to)})`);
        return { words: `rolled back, node reachable, but not as before: ${list.join("; ")}`, restored: false };
      }
      unseen = await bringToItsEnd(reach, facts.pending);
    } catch (error) {
      unseen = `the node cannot be reached (${words(error)})`;
    }
    await pause(reach, change, 1);
  }
  return {
    words: `${unseen}; its own undo was due ${new Date(Date.now() + deadline - performance.now()).toISOString()}`,
    restored: false,
  };
}

/** The manifest that the change brings is there; or, of an owner that goes, the one that was there is not. */
function isCommitted({ next }: Change, before: NodeFacts, { manifest }: Facts): boolean {
  return next ? manifest?.manifest === next.manifest : before.facts.manifest !== undefined && manifest === undefined;
}

/** Asks a node for what it should have done by itself, and says what became of it. */
async function bringToItsEnd(reach: Reach, pending: Pending): Promise<string> {
  if (pending.secondsLeft > 0 && !pending.verdict) return "its change is still pending";
  const { stdout } = await (await session(reach)).run(undoScript(pending.token), { signal: reach.context.signal });
  return unfinished(pending, printable(stdout.trim(), 400));
}

async function pause(reach: Reach, change: Change, seconds: number): Promise<void> {
  try {
    await sleep(seconds, reach.context.signal);
  } catch {
    throw cancelled(reach, change);
  }
}

function cancelled(reach: Reach, change: Change): ChangeFailed {
  const [when, then] = change.confirmed
    ? ["waited for confirmation", `undoes it by itself within ${change.windowSeconds} s`]
    : ["was made, which nobody had to confirm", "ends it by itself: whole, or undone when a step fails. Run again"];
  return new ChangeFailed(`${reach.node}: cancelled while the change ${when}; the node ${then}`, change.confirmed);
}
