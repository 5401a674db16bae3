import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, type ConnectionInput, connection } from "../../../components/node/connection";
import { SshError } from "../../../provider/ssh/errors";

// A test that fails does not come to stop its own: they end with the test file.
const running = new Set<ChildProcess>();

/** A folder of its own for a test file's keys and sockets. */
export function workspace(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "podnet-ssh-"));
  return {
    path,
    remove() {
      for (const child of running) child.kill();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export function makeKey(path: string, type = "ed25519", passphrase = ""): string {
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-f", path, "-C", "podnet"]);
  return path;
}

export function publicKey(path: string): string {
  return readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** A real sshd on loopback, with keys and a user of its own that this machine's accounts know nothing of. */
export interface Sshd {
  port: number;
  hostKeys: Record<string, string>;
  /** TCP connections that arrived so far. */
  connections(): number;
  /** Logins that succeeded so far. */
  logins(): number;
  /** Connections that were dropped for others that had not logged in yet. */
  dropped(): number;
  connection(settings?: Partial<ConnectionInput>): Connection;
  stop(): Promise<void>;
}

/** The name of a user without any right beyond its own files. */
export const plainUser = "podnet-plain";

export async function startSshd(folder: string, authorizedKey: string, extra: string[] = []): Promise<Sshd> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await listening(folder, authorizedKey, extra);
    } catch (error) {
      // Somebody else may take the port between the look for it and sshd.
      if (attempt === 3 || !/already in use/.test(String(error))) throw error;
    }
}

async function listening(folder: string, authorizedKey: string, extra: string[]): Promise<Sshd> {
  const home = join(folder, `sshd-${Math.random().toString(36).slice(2)}`);
  mkdirSync(home, { recursive: true });
  chmodSync(folder, 0o755);
  chmodSync(home, 0o755);
  const hostKeys = Object.fromEntries(
    ["ed25519", "ecdsa", "rsa"].map((type) => [type, publicKey(makeKey(join(home, `host_${type}`), type))]),
  );
  writeFileSync(join(home, "authorized_keys"), `${publicKey(authorizedKey)}\n`);
  writeFileSync(
    join(home, "passwd"),
    `${readFileSync("/etc/passwd", "utf8")}${plainUser}:x:61234:61234::${home}:/bin/sh\n`,
  );
  const port = await freePort();
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    ...["ed25519", "ecdsa", "rsa"].map((type) => `HostKey ${join(home, `host_${type}`)}`),
    `AuthorizedKeysFile ${join(home, "authorized_keys")}`,
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
    "LogLevel VERBOSE",
    // Of several such lines the last counts.
    "MaxStartups 10:30:100",
    ...extra,
  ];
  writeFileSync(join(home, "sshd_config"), config.join("\n"));
  // In a mount namespace of its own: the account and sshd's folder exist for this sshd only.
  const inside = `mount -t tmpfs none /run && mkdir /run/sshd && mount --bind ${home}/passwd /etc/passwd && exec /usr/sbin/sshd -D -e -f ${home}/sshd_config`;
  const child = spawn("unshare", ["--mount", "sh", "-c", inside], { stdio: ["ignore", "ignore", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (chunk) => {
      log += chunk;
      if (log.includes("Server listening")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`sshd ended with ${code}: ${log}`)));
  });
  const count = (words: string) => log.split(words).length - 1;
  return {
    port,
    hostKeys,
    connections: () => count("Connection from "),
    logins: () => count("Accepted publickey"),
    dropped: () => count("drop connection"),
    connection: (settings = {}) =>
      connection.parse({
        host: "127.0.0.1",
        port,
        key: { file: authorizedKey },
        hostKey: { pinned: hostKeys.ed25519 as string },
        connectTimeoutSeconds: 60,
        commandTimeoutSeconds: 60,
        ...settings,
      }),
    async stop() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

/** The error of a session that must not come about. */
export async function failure(work: Promise<unknown>): Promise<SshError> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (reason) => reason,
  );
  if (error instanceof SshError) return error;
  throw error;
}
