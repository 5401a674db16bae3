import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { type Endpoint, homePath, login } from "./endpoint";
import { SshError } from "./errors";
import { knownKeys, knownNames } from "./known-hosts";

/** Which host keys are trusted, and what to say when another one is shown. */
export interface Trust {
  /** As in known_hosts; undefined = whatever is shown at this first connection. */
  keys: string[] | undefined;
  revoked: string[];
  /** Where the keys come from, in the user's terms. */
  source: string;
  /** What to do when the node really has another key. */
  remedy: string;
}

const compare =
  "Compare it with what the node itself says: for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done";

export async function trustOf(endpoint: Endpoint, recorded: string | undefined): Promise<Trust> {
  const policy = endpoint.hostKey ?? { knownHosts: "~/.ssh/known_hosts" };
  if ("pinned" in policy) {
    const keys = [canonical(policy.pinned, endpoint)];
    return { keys, revoked: [], source: "hostKey.pinned", remedy: "change hostKey.pinned" };
  }
  if ("onFirstUse" in policy) {
    const remedy = 'set hostKey to { pinned: "<the key>" }';
    return {
      keys: recorded ? [recorded] : undefined,
      revoked: [],
      source: "the record of an earlier connection",
      remedy,
    };
  }
  const path = homePath(policy.knownHosts);
  const text = await contentOf(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw new SshError("hostKey", `${login(endpoint)}: hostKey.knownHosts ${path} cannot be read: ${error.message}`);
  });
  const { trusted, revoked } = knownKeys(text, endpoint);
  const remedy = `remove the old entry with: ssh-keygen -f ${path} -R '${knownNames(endpoint)[0]}', and add the new one`;
  return { keys: trusted, revoked, source: path, remedy };
}

const contents = new Map<string, { version: string; text: Promise<string> }>();

/** Read again only when it is another file than before: each connection asks for it. */
async function contentOf(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  const version = [ino, size, mtimeNs, ctimeNs].join();
  const known = contents.get(path);
  if (known?.version === version) return known.text;
  const text = readFile(path, "utf8");
  contents.set(path, { version, text });
  text.catch(() => contents.delete(path));
  return text;
}

/** Why a host key is not trusted, or undefined when it is. */
export function distrust(
  { keys, revoked, source, remedy }: Trust,
  shown: string,
  endpoint: Endpoint,
): string | undefined {
  const name = knownNames(endpoint)[0];
  if (revoked.includes(shown)) return `it shows the host key ${fingerprint(shown)}, which ${source} marks as revoked`;
  if (keys === undefined || keys.includes(shown)) return undefined;
  if (keys.length === 0)
    return (
      `it shows the host key ${fingerprint(shown)}, and ${source} has no entry for ${name}. ${compare}. ` +
      `When they agree, append the line "${name} ${shown}" to ${source}, or set hostKey to { pinned: "${shown}" }`
    );
  return (
    `it shows the host key ${fingerprint(shown)}, but ${source} says ${keys.map(fingerprint).join(" or ")}. ` +
    `Either the node was installed anew, or another machine answers in its place. ${compare}. ` +
    `When the key shown is right, ${remedy}`
  );
}

/** Offered first: the types of the keys we know, since a server with several keys shows only one. */
export function hostKeyAlgorithms(keys: string[] | undefined): string[] {
  const all = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];
  const known = new Set(keys?.map((key) => key.split(" ")[0]));
  const ordered = [...all.filter((type) => known.has(type)), ...all.filter((type) => !known.has(type))];
  // Signatures with SHA-1 are not accepted for RSA keys.
  return ordered.flatMap((type) => (type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]));
}

/** A key as it goes over the wire, as in known_hosts. */
export function hostKeyText(blob: Buffer): string {
  const length = blob.readUInt32BE(0);
  return `${blob.toString("latin1", 4, 4 + length)} ${blob.toString("base64")}`;
}

/** As `ssh-keygen -l` prints it. */
function fingerprint(key: string): string {
  const [type = "", blob = ""] = key.split(" ");
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64").replace(/=+$/, "");
  return `${type} SHA256:${digest}`;
}

function canonical(key: string, endpoint: Endpoint): string {
  const [type, blob] = key.trim().split(/\s+/);
  if (type && blob && Buffer.from(blob, "base64").toString("latin1", 4).startsWith(type)) return `${type} ${blob}`;
  throw new SshError(
    "hostKey",
    `${login(endpoint)}: hostKey.pinned is not a public key. Give a line such as "ssh-ed25519 AAAA...", ` +
      "from /etc/ssh/ssh_host_ed25519_key.pub of the node",
  );
}
