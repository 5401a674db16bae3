import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AgentAuthMethod, ParsedKey, PublicKeyAuthMethod } from "ssh2";
import { type Endpoint, homePath, login } from "./endpoint";
import { SshError } from "./errors";

/** How we prove who we are: by key only, so that no round trip is spent on methods that cannot succeed. */
export type Authentication = AgentAuthMethod | PublicKeyAuthMethod;

type KeySource = NonNullable<Endpoint["key"]>;

// Parsing an encrypted key costs up to a second (bcrypt), and a fleet shares one key.
const parsed = new Map<string, Promise<ParsedKey>>();

export async function authenticationOf(endpoint: Endpoint): Promise<Authentication> {
  const source = endpoint.key ?? defaultKey();
  const username = endpoint.user;
  if ("agent" in source) {
    const agent = process.env.SSH_AUTH_SOCK;
    if (!agent) throw unusable(endpoint, "key.agent: no SSH agent runs here (SSH_AUTH_SOCK is not set)");
    return { type: "agent", username, agent };
  }
  const id = createHash("sha256").update(JSON.stringify(source)).digest("hex");
  const key = parsed.get(id) ?? readKey(source, endpoint);
  parsed.set(id, key);
  key.catch(() => parsed.delete(id));
  return { type: "publickey", username, key: await key };
}

function defaultKey(): KeySource {
  return process.env.SSH_AUTH_SOCK ? { agent: true } : { file: "~/.ssh/id_ed25519" };
}

async function readKey(source: Exclude<KeySource, { agent: true }>, endpoint: Endpoint): Promise<ParsedKey> {
  const { text, name } = await keyText(source, endpoint);
  const variable = "passphraseEnvironment" in source ? source.passphraseEnvironment : undefined;
  const passphrase = variable && process.env[variable];
  if (variable && passphrase === undefined)
    throw unusable(endpoint, `${name}: the environment variable ${variable} (passphraseEnvironment) is not set`);
  const { default: ssh2 } = await import("ssh2");
  const key = ssh2.utils.parseKey(text, passphrase);
  if (!(key instanceof Error)) {
    if (key.isPrivateKey()) return key;
    throw unusable(endpoint, `${name} is a public key; give the private key`);
  }
  if (/no passphrase/i.test(key.message))
    throw unusable(
      endpoint,
      `${name} is encrypted. Set passphraseEnvironment to an environment variable that holds its passphrase`,
    );
  if (passphrase !== undefined)
    throw unusable(endpoint, `${name} cannot be read with the passphrase in ${variable}: is it the right one?`);
  throw unusable(endpoint, `${name} is no private key in OpenSSH or PEM form`);
}

async function keyText(
  source: Exclude<KeySource, { agent: true }>,
  endpoint: Endpoint,
): Promise<{ text: string; name: string }> {
  if ("secret" in source) return { text: source.secret, name: "key.secret" };
  if ("environment" in source) {
    const text = process.env[source.environment];
    const name = `key.environment: the variable ${source.environment}`;
    if (!text) throw unusable(endpoint, `${name} is not set`);
    return { text, name };
  }
  const path = homePath(source.file);
  const name = `key.file ${path}`;
  try {
    return { text: await readFile(path, "utf8"), name };
  } catch (error) {
    const way = endpoint.key ? "" : "; set key to { agent: true }, { file }, { environment } or { secret }";
    throw unusable(endpoint, `${name} cannot be read (${(error as NodeJS.ErrnoException).code})${way}`);
  }
}

function unusable(endpoint: Endpoint, what: string): SshError {
  return new SshError("authentication", `${login(endpoint)}: ${what}`);
}
