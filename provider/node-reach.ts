import type { Connection } from "../components/node/connection";
import type { Context } from "./resource";
import { login } from "./ssh/endpoint";
import type { Session, SessionPool } from "./ssh/session";
import { traced, type Where } from "./trace";

/** One node as one resource reaches it. */
export interface Reach {
  node: string;
  owner: string;
  connection: Connection;
  /** The host key recorded at the first connection, where that is the policy. */
  recordedHostKey: string | undefined;
  pool: SessionPool;
  context: Context;
}

/** A step of this resource on this node, written down where PODNET_LOG says. */
export function step<T>(
  { node, owner, connection }: Pick<Reach, "node" | "owner" | "connection">,
  name: string,
  work: () => T | Promise<T>,
  outcome?: (result: T) => string,
  more?: Where,
): Promise<T> {
  return traced({ node, owner, host: login(connection), ...more }, name, work, outcome);
}

export function session(reach: Reach): Promise<Session> {
  return reach.pool.use(reach.connection, options(reach));
}

/** Over a new TCP connection, given up after `seconds`. */
export function freshSession(reach: Reach, seconds: number): Promise<Session> {
  const limit = Math.min(reach.connection.connectTimeoutSeconds, Math.max(1, seconds));
  return reach.pool.fresh({ ...reach.connection, connectTimeoutSeconds: limit }, options(reach));
}

function options({ recordedHostKey, context }: Reach) {
  return { recordedHostKey, signal: context.signal };
}

export function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
