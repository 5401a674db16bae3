import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { fetchScript, shownUrl, storeScript } from "../components/node/fetch-script";
import { storePath } from "../components/node/kinds/file";
import type { Plan } from "../components/node/plan";
import { printable } from "../components/node/printable";
import type { NodeStateDocument } from "../components/node/state";
import { ChangeFailed } from "./change-failed";
import { type Reach, session, step } from "./node-reach";

/**
 * Content goes to the owner's store now, before anything is changed or armed: by path over the connection, by URL
 * fetched by the node. What is there already is left.
 */
export async function bringArtifacts(
  reach: Reach,
  { steps }: Plan,
  wanted: NodeStateDocument | undefined,
): Promise<void> {
  const changed = new Set(steps.filter(({ kind, to }) => kind === "artifact" && to).map(({ key }) => key));
  const artifacts = (wanted?.artifacts ?? []).filter(({ path }) => changed.has(path));
  for (const { localPath, url, sha256 } of artifacts) {
    reach.context.status(`brings ${url ? shownUrl(url) : localPath}`);
    if (localPath) await step(reach, "artifact", () => push(reach, localPath, sha256));
    if (url) await step(reach, "artifact", () => fetch(reach, url, sha256));
  }
}

async function fetch(reach: Reach, url: string, sha256: string): Promise<void> {
  const seconds = Math.ceil(reach.connection.commandTimeoutSeconds);
  const script = fetchScript(reach.owner, sha256, url, seconds);
  // The node gives up first, and says so, also where it is slow to begin.
  await run(reach, script, { timeoutSeconds: seconds + 30 });
}

async function push(reach: Reach, localPath: string, sha256: string): Promise<void> {
  const found = await hashOf(reach, localPath);
  if (found !== sha256)
    throw new ChangeFailed(
      `${reach.node}: nothing was changed: artifacts: ${localPath} has the SHA-256 ${found}, not ${sha256}`,
      true,
    );
  const said = await run(reach, storeScript(reach.owner, sha256));
  if (said === "there") return;
  await (await session(reach)).push(localPath, storePath(reach.owner, sha256), "0600");
}

async function run(reach: Reach, script: string, options: { timeoutSeconds?: number } = {}): Promise<string> {
  const { signal } = reach.context;
  const { code, stdout, stderr } = await (await session(reach)).run(script, { ...options, signal });
  const said = printable(`${stdout.trim()} ${stderr}`.trim());
  if (code === 0) return said;
  throw new ChangeFailed(`${reach.node}: nothing was changed: artifacts: ${said || `exit code ${code}`}`, true);
}

async function hashOf(reach: Reach, localPath: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(localPath), hash);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ChangeFailed(
      `${reach.node}: nothing was changed: artifacts: localPath ${localPath} cannot be read here (${code})`,
      true,
    );
  }
  return hash.digest("hex");
}
