import { z } from "zod";

/**
 * How a node is reached over SSH. The connection is not the node's identity: changing it re-runs nothing.
 * Identity is the host key.
 */

const endpoint = {
  /** Name or address that sshd listens on. */
  host: z.string().min(1),
  /** @default 22 */
  port: z.int().min(1).max(65535).default(22),
  /** @default "root" */
  user: z.string().min(1).default("root"),
  /**
   * Where the private key comes from, one of: the agent (`{ agent: true }`, by SSH_AUTH_SOCK), a file
   * (`{ file }`), an environment variable that holds the key itself (`{ environment }`), or a secret (`{ secret }`,
   * always a Pulumi secret). A passphrase comes from the environment variable that `passphraseEnvironment` names.
   * @default { agent: true } when SSH_AUTH_SOCK is set, otherwise ~/.ssh/id_ed25519
   */
  key: z
    .union([
      z.strictObject({ agent: z.literal(true) }),
      z.strictObject({ file: z.string().min(1), passphraseEnvironment: z.string().optional() }),
      z.strictObject({ environment: z.string().min(1), passphraseEnvironment: z.string().optional() }),
      z.strictObject({ secret: z.string().min(1) }),
    ])
    .optional(),
  /**
   * How the host key is trusted: one pinned public key (`{ pinned: "ssh-ed25519 AAAA..." }`), a known_hosts file
   * (`{ knownHosts: path }`), or recorded at the first connection and held to from then on (`{ onFirstUse: true }`).
   * @default { knownHosts: "~/.ssh/known_hosts" }
   */
  hostKey: z
    .union([
      z.strictObject({ pinned: z.string().min(1) }),
      z.strictObject({ knownHosts: z.string().min(1) }),
      z.strictObject({ onFirstUse: z.literal(true) }),
    ])
    .optional(),
};

export const connection = z.strictObject({
  ...endpoint,
  /** Run as root through passwordless `sudo -n`. @default false */
  become: z.boolean().default(false),
  /** A bastion: one connection to it, shared, with forwarded channels. */
  jump: z.strictObject(endpoint).optional(),
  /** Seconds for TCP and SSH handshake together. @default 15 */
  connectTimeoutSeconds: z.number().positive().default(15),
  /** Seconds one script may run. @default 120 */
  commandTimeoutSeconds: z.number().positive().default(120),
});

/** What a connection is without a word about it. */
export const connectionDefaults: Readonly<Record<string, unknown>> = connection.omit({ host: true }).parse({});

export type Connection = z.output<typeof connection>;
export type ConnectionInput = z.input<typeof connection>;
