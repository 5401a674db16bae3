import { constants, fchmodSync, openSync, writeSync } from "node:fs";
import { printable } from "../components/node/printable";
import { redact } from "./rpc/secrets";
import { SshError } from "./ssh/errors";

/** Where a step happens. `host` is the login, such as "root@198.18.0.11:22". */
export interface Where {
  node?: string;
  owner?: string;
  host?: string;
  /** Of the change; the same that the node keeps while the change is pending. */
  token?: string;
}

/** One step that ended: one line of the log. */
export interface TraceLine extends Where {
  /** When the step began. */
  time: string;
  step: string;
  milliseconds: number;
  /** "done", or in a word what came of it. */
  outcome: string;
  error?: string;
}

let log: number | undefined;

/**
 * From here on each step is written to the file, one JSON line each, for a support case: PODNET_LOG names it. Only its
 * owner may read it, and secrets are not in it.
 */
export function startTrace(path: string | undefined = process.env.PODNET_LOG): void {
  if (!path) return;
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  try {
    log = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
    fchmodSync(log, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `PODNET_LOG is ${path}, which cannot be written (${code}); give a file in a directory that is there`,
    );
  }
}

/** Does a step, and writes down how long it took and what came of it. */
export async function traced<T>(
  where: Where,
  step: string,
  work: () => T | Promise<T>,
  outcome: (result: T) => string = () => "done",
): Promise<T> {
  if (log === undefined) return work();
  const [time, started] = [new Date().toISOString(), performance.now()];
  const ended = (line: Pick<TraceLine, "outcome" | "error">) =>
    write({ time, ...where, step, milliseconds: Math.round((performance.now() - started) * 10) / 10, ...line });
  try {
    const result = await work();
    ended({ outcome: outcome(result) });
    return result;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    ended({ outcome: error instanceof SshError ? error.kind : "failed", error: printable(redact(words)) });
    throw error;
  }
}

function write(line: TraceLine): void {
  try {
    if (log !== undefined) writeSync(log, `${JSON.stringify(line)}\n`);
  } catch {
    // A full disk here must not end a change that a node waits to have confirmed.
    log = undefined;
  }
}
