import { open } from "node:fs/promises";
import type { Connection } from "../../components/node/connection";
import { printable } from "../../components/node/printable";
import { quote } from "../../components/node/quote";
import { traced } from "../trace";
import type { Client } from "./client";
import { SshError } from "./errors";
import type { ScriptResult, Session } from "./session";

type Slot = <T>(work: () => Promise<T>, signal: AbortSignal | undefined) => Promise<T>;

/** Bytes that an artifact is given a second for, on top of the time of a command. */
const bytesPerSecond = 256 * 1024;

/** A client as one connection's settings want it used. */
export function openSession(
  client: Client,
  connection: Connection,
  signal: AbortSignal | undefined,
  slot: Slot,
): Session {
  // root needs no sudo, and a minimal node has none.
  const become = connection.become && connection.user !== "root" ? "sudo -n " : "";

  async function exec(command: string, options: Parameters<Client["exec"]>[1]): Promise<ScriptResult> {
    const result = await slot(
      () =>
        traced(
          { host: client.name },
          "exec",
          () => client.exec(become + command, options),
          ({ code }) => `exit ${code}`,
        ),
      options.signal,
    );
    if (become && result.code !== 0 && asked.test(result.stderr)) throw noSudo(client.name, connection.user, result);
    return result;
  }

  return {
    hostKey: client.hostKey,
    alive: () => client.alive(),
    close: () => client.retire(),

    run: (script, options = {}) =>
      exec("/bin/sh -s", {
        stdin: script,
        timeoutSeconds: options.timeoutSeconds ?? connection.commandTimeoutSeconds,
        started: options.started,
        signal: options.signal && signal ? AbortSignal.any([options.signal, signal]) : (options.signal ?? signal),
      }),

    async push(localPath, remotePath, mode) {
      const file = await open(localPath);
      try {
        const { size } = await file.stat();
        const { code, stderr } = await exec(`/bin/sh -c ${quote(receive(remotePath, mode, size))}`, {
          stdin: file.createReadStream({ autoClose: false }),
          timeoutSeconds: connection.commandTimeoutSeconds + size / bytesPerSecond,
          signal,
        });
        if (code !== 0)
          throw new Error(`${client.name}: ${remotePath} could not be written: ${printable(stderr.trim())}`);
      } finally {
        await file.close();
      }
    },
  };
}

// What sudo says, or a shell about sudo: "sudo: a password is required", "sh: 1: sudo: not found".
const asked = /^(\S+: (line )?(\d+: )?)?sudo: /;

function noSudo(name: string, user: string, { stderr }: ScriptResult): SshError {
  const words = printable(stderr.trim().split("\n")[0] ?? "", 200);
  return new SshError(
    "sudo",
    `${name}: become is set, and sudo does not let ${user} run /bin/sh without a password (${words}). ` +
      `Add "${user} ALL=(root) NOPASSWD: /bin/sh -s, /bin/sh -c *" with visudo on the node, or log in as root`,
  );
}

/** Nothing stands under the path until all bytes are there: a temporary file beside it, then a rename. */
function receive(path: string, mode: string, size: number): string {
  const target = quote(path);
  return `set -eu
umask 077
part=${target}.podnet-part.$$
trap 'rm -f "$part"' EXIT
cat >"$part"
test "$(wc -c <"$part")" -eq ${size} || { echo "the transfer broke off" >&2; exit 1; }
chmod ${quote(mode)} "$part"
mv -f "$part" ${target}`;
}
