import { randomBytes } from "node:crypto";
import { amendment } from "../components/node/amendment";
import { changeFiles } from "../components/node/change-files";
import { changeScript } from "../components/node/change-script";
import { sha256 } from "../components/node/kinds/file";
import { manifestTexts } from "../components/node/manifest";
import { outcomes } from "../components/node/outcomes";
import type { NodeStateDocument } from "../components/node/state";
import { undo } from "../components/node/undo";
import { type Reach, session, step } from "./node-reach";

/**
 * Makes a change that needs no look at the node, in one exec: the node itself holds that it is as it was committed.
 *
 * @param known SHA-256 of the manifest that was committed last
 * @param windowSeconds after which the node takes back what is not done by then
 * @returns SHA-256 of the manifest; undefined when the change needs more, or the node is not as known: read it then
 */
export async function amendNode(
  reach: Reach,
  wanted: NodeStateDocument,
  previous: NodeStateDocument | undefined,
  known: string | undefined,
  windowSeconds: number,
): Promise<string | undefined> {
  const steps = previous && known ? amendment(previous, wanted) : undefined;
  if (!steps || steps.length === 0) return undefined;
  const { owner, node, context } = reach;
  const token = randomBytes(8).toString("hex");
  const plan = { steps, undo: undo(steps) };
  const remembered = { version: 1 as const, owner, node, change: token, state: wanted, derived: [], origins: [] };
  const { manifest } = manifestTexts(remembered);
  context.status(`${steps.length} steps`);
  const script = changeScript({
    owner,
    token,
    plan,
    wanted,
    files: changeFiles(plan, { state: wanted, derived: [] }, { owner, token, contents: new Map() }),
    next: { manifest },
    previousManifest: known,
    generation: undefined,
    confirmed: false,
    windowSeconds,
    probes: [],
  });
  const send = async () => (await session(reach)).run(script, { signal: context.signal });
  const result = await step(
    reach,
    "amend",
    send,
    ({ code }) => (code === outcomes.committed ? "committed" : `exit ${code}`),
    { token },
  );
  return result.code === outcomes.committed ? sha256(manifest) : undefined;
}
