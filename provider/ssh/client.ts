import { constants } from "node:os";
import type { Duplex, Readable } from "node:stream";
import type { NodeSSH } from "node-ssh";
import PQueue from "p-queue";
import type { ClientChannel } from "ssh2";
import { type Endpoint, hostPort } from "./endpoint";
import { SshError } from "./errors";
import type { ScriptResult } from "./session";

export interface ExecOptions {
  stdin: string | Readable;
  timeoutSeconds: number;
  signal?: AbortSignal;
  /** Called when the script is sent, which is not before others have ended. */
  started?(): void;
}

/** One SSH connection, whoever uses it. */
export interface Client {
  /** user@host:port, and the bastion it goes through. */
  readonly name: string;
  readonly hostKey: string;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  alive(): boolean;
  exec(command: string, options: ExecOptions): Promise<ScriptResult>;
  /** A TCP connection from the server on, for a bastion. */
  forward(to: Endpoint, signal: AbortSignal): Promise<Duplex>;
  /** Ends the connection once nothing runs on it any more. */
  retire(): void;
  destroy(): void;
}

/** What one script may print: facts of a node with 100,000 routes take 20 MiB. */
const outputBytes = 64 * 1024 * 1024;

// sshd allows 10 sessions on one connection (MaxSessions).
const channelsAtOnce = 8;

export function clientOf(ssh: NodeSSH, name: string, hostKey: string): Client {
  const connection = ssh.connection;
  if (!connection) throw new SshError("lost", `${name}: the connection was closed right after the login`);
  const channels = new PQueue({ concurrency: channelsAtOnce });
  let why = "";
  connection.on("error", (error) => {
    why = error.message;
  });
  let gone = false;
  const closed = new Promise<void>((resolve) => {
    connection.once("close", () => {
      gone = true;
      resolve();
    });
  });
  const lost = (during: string) =>
    new SshError("lost", `${name}: the connection was lost ${during}${why ? ` (${why})` : ""}`);

  async function exec(command: string, { stdin, timeoutSeconds, signal, started }: ExecOptions): Promise<ScriptResult> {
    let channel: ClientChannel | undefined;
    const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    const stop = signal ? AbortSignal.any([timeout, signal]) : timeout;
    stop.throwIfAborted();
    if (gone) throw lost("before the script was sent");
    started?.();
    const stopped = Promise.withResolvers<never>();
    const giveUp = () => {
      channel?.close();
      const words = `${name}: a script has not ended within ${timeoutSeconds} s (commandTimeoutSeconds), and may still run there`;
      stopped.reject(signal?.aborted ? signal.reason : new SshError("timeout", words));
    };
    stop.addEventListener("abort", giveUp, { once: true });
    // A peer that goes on after a closed channel would fill this process: the connection goes.
    const overflow = () => {
      const words = `${name}: a script printed more than ${outputBytes / 1024 / 1024} MiB; the connection was closed. Log in and see what its shell and its tools print`;
      stopped.reject(new SshError("output", words));
      connection?.destroy();
    };
    // Bytes as Latin-1 and decoded at the end: a chunk may end in the middle of a character.
    const bytes = { encoding: "latin1", noTrim: true } as const;
    const ended = ssh
      .execCommand(command, {
        ...bytes,
        stdin,
        onChannel: (opened) => {
          channel = opened;
          channel.on("error", () => undefined);
          let room = outputBytes;
          const count = (chunk: Buffer | string) => {
            room -= chunk.length;
            if (room < 0) overflow();
          };
          channel.on("data", count);
          channel.stderr.on("data", count);
          if (stop.aborted) channel.close();
        },
      })
      .catch((error: Error) => {
        if (gone) throw lost("before the script was sent");
        throw new SshError("lost", `${name}: sshd opens no session (${error.message})`);
      });
    try {
      const { code, signal: ending, stdout, stderr } = await Promise.race([ended, stopped.promise, lostWhenClosed()]);
      if (code === null && ending === null) throw lost("while the script ran");
      const decode = (text: string) => Buffer.from(text, "latin1").toString("utf8");
      return { code: code ?? 128 + signalNumber(ending), stdout: decode(stdout), stderr: decode(stderr) };
    } finally {
      stop.removeEventListener("abort", giveUp);
      ended.catch(() => undefined);
    }
  }

  async function lostWhenClosed(): Promise<never> {
    await closed;
    throw lost("while the script ran");
  }

  return {
    name,
    hostKey,
    closed,
    alive: () => !gone,
    exec: (command, options) => channels.add(() => exec(command, options), { signal: options.signal }),
    async forward(to, signal) {
      const forwarded = ssh.forwardOut("127.0.0.1", 0, to.host, to.port).catch((error: Error) => {
        throw forwardError(error, name, to);
      });
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      return await Promise.race([forwarded, aborted, lostWhenClosed()]);
    },
    retire: () => void channels.onIdle().then(() => ssh.dispose()),
    destroy: () => void connection.destroy(),
  };
}

function signalNumber(name: string | null): number {
  return constants.signals[`SIG${name?.replace(/^SIG/, "")}` as keyof typeof constants.signals] ?? 0;
}

/** RFC 4254, 5.1: a channel that may not be opened, as against one that leads nowhere. */
const administrativelyProhibited = 1;

function forwardError(error: Error & { reason?: number }, jump: string, to: Endpoint): SshError {
  const { message, reason } = error;
  if (/refused/i.test(message))
    return new SshError("refused", `${hostPort(to)} via ${jump}: nothing listens there, as seen from the jump host`);
  if (reason === administrativelyProhibited)
    return new SshError(
      "way",
      `${jump}: the jump host forwards nothing. Set AllowTcpForwarding yes in its sshd_config`,
    );
  return new SshError("unreachable", `${hostPort(to)} via ${jump}: the jump host has no way there (${message})`);
}
