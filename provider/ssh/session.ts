import type { Connection } from "../../components/node/connection";

/** What a script printed and how it ended. */
export interface ScriptResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** @default commandTimeoutSeconds of the connection */
  timeoutSeconds?: number;
  signal?: AbortSignal;
  /** Called when the script is sent, which is not before others have ended. */
  started?(): void;
}

/** One SSH connection to one node. Scripts go to `/bin/sh -s` on stdin; nothing is ever an argument. */
export interface Session {
  /** Runs a script. A script that ends with another code than 0 is a result, not an error; a lost connection is an error. */
  run(script: string, options?: RunOptions): Promise<ScriptResult>;
  /** Streams bytes into a file on the node (temporary name, then rename), for artifacts. */
  push(localPath: string, remotePath: string, mode: string): Promise<void>;
  /** The host key the server showed, as in known_hosts: "ssh-ed25519 AAAA...". */
  readonly hostKey: string;
  /** False once the connection has ended. */
  alive(): boolean;
  close(): void;
}

/** All sessions of one run: one a node, shared by every resource of that node. */
export interface SessionPool {
  /** The node's session, opened at first use. `recordedHostKey` is what `onFirstUse` recorded earlier. */
  use(connection: Connection, options: SessionOptions): Promise<Session>;
  /** A session over a new TCP connection, which takes the place of the one before: what proves that a node can be reached. */
  fresh(connection: Connection, options: SessionOptions): Promise<Session>;
  /** Runs work on a node while no other work of this process runs on it. */
  exclusive<T>(connection: Connection, work: () => Promise<T>): Promise<T>;
  closeAll(): void;
}

export interface SessionOptions {
  recordedHostKey?: string;
  signal?: AbortSignal;
}
