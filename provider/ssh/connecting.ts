import { once } from "node:events";
import { connect as tcpConnect } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectConfig } from "ssh2";
import { authenticationOf } from "./authentication";
import { type Client, clientOf } from "./client";
import { type Endpoint, hostPort, login } from "./endpoint";
import { SshError } from "./errors";
import { distrust, hostKeyAlgorithms, hostKeyText, trustOf } from "./host-key";

export interface ConnectOptions {
  timeoutSeconds: number;
  recordedHostKey?: string;
  /** The bastion that the connection goes through. */
  jump?: Client;
  signal?: AbortSignal;
}

// group-exchange is left out: computing it blocks this process for more than a second per node.
const kex = [
  "curve25519-sha256",
  "curve25519-sha256@libssh.org",
  "ecdh-sha2-nistp256",
  "diffie-hellman-group14-sha256",
];
const cipher = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr"];
const hmac = ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"];

/** Seconds before a login is tried again that sshd dropped, and between the later attempts. */
const [firstPause, longestPause] = [0.2, 2];

/**
 * A new TCP connection and SSH login, whose host key was found to be trusted before anything was sent. A busy sshd drops
 * connections at random before the login (MaxStartups): that is tried again as long as there is time.
 */
export async function connect(endpoint: Endpoint, options: ConnectOptions): Promise<Client> {
  const timeout = AbortSignal.timeout(Math.ceil(options.timeoutSeconds * 1000));
  const until = performance.now() + options.timeoutSeconds * 1000;
  let dropped: Dropped | undefined;
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      return await attempt(endpoint, options, timeout);
    } catch (error) {
      // Where the time ends in the middle of an attempt, what became of those before says more.
      if (!(error instanceof Dropped)) throw dropped && isTimeout(error) ? dropped : error;
      dropped = error;
      // Those that were dropped together do not come together again.
      const milliseconds = pause * (500 + Math.random() * 1000);
      if (performance.now() + milliseconds > until) throw error;
      await sleep(milliseconds, undefined, { signal: options.signal }).catch(() => options.signal?.throwIfAborted());
    }
  }
}

/** The server closed before the login was done, as it does when it has too much to do. */
class Dropped extends SshError {}

const isTimeout = (error: unknown) => error instanceof SshError && error.kind === "timeout";

async function attempt(endpoint: Endpoint, options: ConnectOptions, timeout: AbortSignal): Promise<Client> {
  const [authentication, trust] = await Promise.all([
    authenticationOf(endpoint),
    trustOf(endpoint, options.recordedHostKey),
  ]);
  const who = login(endpoint) + (options.jump ? ` via ${options.jump.name}` : "");
  const stop = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  let shown = "";
  let distrusted: string | undefined;
  let socket: Duplex | undefined;
  const giveUp = () => socket?.destroy();
  try {
    stop.throwIfAborted();
    stop.addEventListener("abort", giveUp);
    socket = options.jump ? await options.jump.forward(endpoint, stop) : await dial(endpoint, stop);
    const { NodeSSH } = await import("node-ssh");
    const ssh = new NodeSSH();
    const config: Parameters<typeof ssh.connect>[0] = {
      sock: socket as ConnectConfig["sock"],
      username: endpoint.user,
      authHandler: [authentication],
      algorithms: {
        kex,
        cipher,
        hmac,
        compress: ["none"],
        serverHostKey: hostKeyAlgorithms(trust.keys),
      } as ConnectConfig["algorithms"],
      hostVerifier: (blob: Buffer) => {
        shown = hostKeyText(blob);
        distrusted = distrust(trust, shown, endpoint);
        return distrusted === undefined;
      },
      readyTimeout: 0,
      // A peer that died without a word is noticed within 20 s, also while a script is silent.
      keepaliveInterval: 5000,
      keepaliveCountMax: 3,
    };
    await ssh.connect(config);
    return clientOf(ssh, who, shown);
  } catch (error) {
    socket?.destroy();
    if (options.signal?.aborted) throw options.signal.reason;
    if (distrusted) throw new SshError("hostKey", `${who}: ${distrusted}`);
    if (timeout.aborted)
      throw new SshError(
        "timeout",
        `${who}: no SSH login within ${options.timeoutSeconds} s (connectTimeoutSeconds)${socket ? "; the TCP connection was made" : ""}`,
      );
    throw error instanceof SshError ? error : explained(error as NodeJS.ErrnoException, who, endpoint);
  } finally {
    stop.removeEventListener("abort", giveUp);
  }
}

async function dial({ host, port }: Endpoint, signal: AbortSignal): Promise<Duplex> {
  const socket = tcpConnect({ host, port, noDelay: true });
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function explained(error: NodeJS.ErrnoException & { level?: string }, who: string, endpoint: Endpoint): SshError {
  // Several addresses were tried, and each failed in its own way: the first is as good as any.
  const { code, message, level } = error instanceof AggregateError ? error.errors[0] : error;
  if (code === "ECONNREFUSED")
    return new SshError(
      "refused",
      `${who}: nothing listens on ${hostPort(endpoint)}. Is sshd running, and is port ${endpoint.port} its port?`,
    );
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new SshError(
      code === "ENOTFOUND" ? "unreachable" : "way",
      `${who}: the name ${endpoint.host} has no address (${code})`,
    );
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "ETIMEDOUT" || code === "EADDRNOTAVAIL") {
    const isOurs = code === "ENETUNREACH" || code === "EADDRNOTAVAIL";
    return new SshError(isOurs ? "way" : "unreachable", `${who}: no way to ${endpoint.host} (${code})`);
  }
  if (level === "client-authentication")
    return new SshError(
      "authentication",
      `${who}: sshd does not accept the key for the user ${endpoint.user}. ` +
        `Is its public half in ~${endpoint.user}/.ssh/authorized_keys there, and may ${endpoint.user} log in?`,
    );
  if (level === "agent") return new SshError("authentication", `${who}: the SSH agent does not serve: ${message}`);
  if (/no matching/i.test(message))
    return new SshError("protocol", `${who}: its sshd offers no algorithm that is safe and quick (${message})`);
  return new Dropped(
    "lost",
    `${who}: the connection was closed before the login was done (${message}). ` +
      "A busy sshd does so beyond MaxStartups unfinished logins",
  );
}
