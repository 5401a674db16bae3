import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { changeFiles } from "../components/node/change-files";
import { type Change, changeScript } from "../components/node/change-script";
import { sha256 } from "../components/node/kinds/file";
import { type Manifest, manifestTexts, parseManifest } from "../components/node/manifest";
import { otherOwners } from "../components/node/other-owners";
import { outcomes } from "../components/node/outcomes";
import { type Plan, plan } from "../components/node/plan";
import { printable } from "../components/node/printable";
import { probeCommands } from "../components/node/probes";
import { resolve } from "../components/node/resolve";
import type { NodeStateSettings } from "../components/node/settings";
import { type NodeStateDocument, nodeState } from "../components/node/state";
import { ChangeFailed } from "./change-failed";
import { bringArtifacts } from "./node-artifacts";
import { awaitConfirmation } from "./node-confirm";
import { type NodeFacts, settled } from "./node-facts";
import { type Reach, session, step, words } from "./node-reach";
import type { ScriptResult } from "./ssh/session";

export interface Changed {
  /** SHA-256 of the manifest that the node committed; "" when the owner is gone. */
  manifest: string;
  hostKey: string;
  plan: Plan;
}

/** What the change needs of the resource's settings. */
export type ChangeSettings = Pick<NodeStateSettings, "windowSeconds" | "probes" | "adopt" | "allowIrreversible">;

const attempts = 3;

/**
 * Brings a node to the wanted state: facts, plan, undo, apply, confirm.
 *
 * @param wanted undefined: the owner goes, and the node is put back to what was there before it
 * @param previous what the last run knew the owner to want; facts about it are read, too
 */
export async function changeNode(
  reach: Reach,
  settings: ChangeSettings,
  wanted: NodeStateDocument | undefined,
  previous: NodeStateDocument | undefined,
): Promise<Changed> {
  let wayChanged: string[] = [];
  for (let attempt = 1; ; attempt++) {
    reach.context.status("reads the node");
    const found = await settled(reach, [wanted, previous]);
    const { hostKey } = await session(reach);
    if (!wanted && !found.manifest) return { manifest: "", hostKey, plan: nothing };
    if (!wanted && found.manifest && found.manifest.node !== reach.node) {
      // The inventory gave the machine another name: what is there is the new resource's, which was made first.
      reach.context.log("info", `${reach.node} is ${found.manifest.node} by now, and stays as that one wants it`);
      return { manifest: "", hostKey, plan: nothing };
    }
    const { plan: made, next } = await step(
      reach,
      "plan",
      () => prepare(reach, settings, wanted, found),
      ({ plan }) => `${plan.steps.length} steps`,
    );
    const { manifest: known } = found.facts;
    if (made.steps.length === 0 && next && known && isDeepStrictEqual(manifestTexts(next), known)) {
      reach.context.status("as wanted already");
      return { manifest: sha256(known.manifest), hostKey, plan: made };
    }
    made.dangers.push(...wayChanged);
    const token = randomBytes(8).toString("hex");
    if (next) next.change = token;
    const outcome = await carryOut(reach, settings, token, made, next, found);
    if (outcome === "wayChanged") wayChanged = ["the way to whoever makes this change"];
    if (outcome === "committed") {
      reach.context.status(`${made.steps.length} steps${made.dangers.length > 0 ? ", confirmed" : ""}`);
      return { manifest: next ? sha256(manifestTexts(next).manifest) : "", hostKey, plan: made };
    }
    if (attempt === attempts)
      throw new ChangeFailed(
        `${reach.node}: another run kept changing the node; nothing was done. Run again when it has ended`,
        true,
      );
  }
}

const nothing: Plan = { steps: [], undo: [], origins: [], problems: [], irreversible: [], dangers: [] };

/** The plan and what the node will remember, or every reason why not. */
function prepare(
  reach: Reach,
  settings: ChangeSettings,
  wanted: NodeStateDocument | undefined,
  { facts, manifest, owned }: NodeFacts,
): { plan: Plan; next: Manifest | undefined } {
  const resolved = resolve(wanted ?? nodeState.parse({}), facts, wanted ? owned : new Map());
  const made = plan({ items: resolved.items, manifest, facts, others: otherOwners(facts), adopt: settings.adopt });
  const irreversible = settings.allowIrreversible
    ? []
    : made.irreversible.map((reason) => `${reason}: it could not be undone; allow it with allowIrreversible: true`);
  const problems = [...resolved.problems, ...made.problems, ...irreversible];
  if (problems.length > 0)
    throw new ChangeFailed(
      `${reach.node}: nothing was changed:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
      true,
    );
  const { owner, node } = reach;
  const next = wanted && {
    version: 1 as const,
    owner,
    node,
    change: manifest?.change ?? "",
    state: wanted,
    derived: resolved.derived,
    origins: made.origins,
  };
  // What could not be read back would lock the owner out of its node: a fault of ours is found before the change.
  parseManifest(next && manifestTexts(next), owner);
  return { plan: made, next };
}

async function carryOut(
  reach: Reach,
  settings: ChangeSettings,
  token: string,
  made: Plan,
  next: Manifest | undefined,
  found: NodeFacts,
): Promise<"committed" | "again" | "wayChanged"> {
  const { context, owner, node } = reach;
  const contents = new Map((next?.state.files ?? []).map((file) => [sha256(file.content), file.content]));
  for (const unit of next?.state.units ?? [])
    if (unit.content !== undefined) contents.set(sha256(unit.content), unit.content);
  await bringArtifacts(reach, made, next?.state);
  const change: Change = {
    owner,
    token,
    plan: made,
    wanted: next?.state,
    files: changeFiles(made, next, { owner, token, contents }),
    next: next && manifestTexts(next),
    generation: found.facts.generation,
    previousManifest: found.facts.manifest && sha256(found.facts.manifest.manifest),
    confirmed: made.dangers.length > 0,
    windowSeconds: settings.windowSeconds,
    probes: probeCommands(settings.probes, found.facts),
  };
  // A clock that nobody sets: the node counts its window by one, too, from when it has the script.
  let deadline = 0;
  const begin = () => {
    deadline = performance.now() + settings.windowSeconds * 1000;
  };
  begin();
  context.status(`${made.steps.length} steps${change.confirmed ? ", to be confirmed" : ""}`);
  const result = await step(reach, "change", () => send(reach, change, begin), outcomeOf, { token });
  if (!result) {
    await awaitConfirmation(reach, change, deadline, found);
    return "committed";
  }
  switch (result.code) {
    case outcomes.committed:
      return "committed";
    case outcomes.outdated:
    case outcomes.pendingElse:
      return "again";
    case outcomes.wayChanged:
      return "wayChanged";
    case outcomes.undone:
      throw new ChangeFailed(
        `${node}: a step failed and the change was undone:\n${indent(printable(result.stdout, 8000))}`,
        true,
      );
    case outcomes.unarmed:
      throw new ChangeFailed(
        `${node}: the undo could not be armed, so nothing was changed (systemd-run or setsid failed)`,
        true,
      );
    case outcomes.applied:
    case outcomes.stillRunning:
    // Made, and a disk that is full or read-only did not take that it is confirmed: it may take it later.
    case outcomes.unwritable:
      await awaitConfirmation(reach, change, deadline, found);
      return "committed";
    default:
      throw new ChangeFailed(
        `${node}: nothing was changed: ${printable(`${result.stdout.trim()} ${result.stderr}`.trim())}`,
        true,
      );
  }
}

function outcomeOf(result: ScriptResult | undefined): string {
  const [name] = Object.entries(outcomes).find(([, code]) => code === result?.code) ?? [];
  return name ?? (result ? `exit ${result.code}` : "connection lost");
}

/**
 * undefined: the connection was lost on the way, as a change of the network may do, or says nothing any more; the node
 * goes on by itself, and a new connection tells.
 */
async function send(reach: Reach, change: Change, started: () => void): Promise<ScriptResult | undefined> {
  try {
    return await (await session(reach)).run(changeScript(change), {
      ...(change.confirmed ? { timeoutSeconds: change.windowSeconds / 3 } : {}),
      signal: reach.context.signal,
      started,
    });
  } catch (error) {
    reach.context.log("debug", `the connection ended during the change: ${words(error)}`);
    return undefined;
  }
}

function indent(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
