import type { Connection } from "../components/node/connection";
import type { ScriptResult, SessionPool } from "./ssh/session";

/** A node as far as running scripts on it goes. */
export interface Reachable {
  name: string;
  connection: Connection;
}

/** Runs a script on a node; how many at once is the connections' business. */
export type RunOn<Node extends Reachable = Reachable> = (
  node: Node,
  script: string,
  options: { timeoutSeconds: number; signal?: AbortSignal },
) => Promise<ScriptResult>;

/**
 * Runs scripts over the pool's sessions. `hostKeys` holds what was recorded for nodes whose host key is trusted at
 * first use, and gets what is recorded now.
 */
export function runOver(pool: SessionPool, hostKeys: Record<string, string>): RunOn {
  return async ({ name, connection }, script, options) => {
    const session = await pool.use(connection, { recordedHostKey: hostKeys[name], signal: options.signal });
    if (connection.hostKey && "onFirstUse" in connection.hostKey) hostKeys[name] = session.hostKey;
    return session.run(script, options);
  };
}
