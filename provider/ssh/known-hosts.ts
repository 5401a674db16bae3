import { createHmac } from "node:crypto";
import { type Endpoint, hostPort } from "./endpoint";

export interface KnownKeys {
  /** As in known_hosts: "ssh-ed25519 AAAA...". */
  trusted: string[];
  revoked: string[];
}

let last: { text: string; lines: Line[] } = { text: "", lines: [] };

/** What a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) says about an endpoint. */
export function knownKeys(text: string, endpoint: Endpoint): KnownKeys {
  // A fleet shares one file, and each node asks it.
  if (text !== last.text) last = { text, lines: text.split("\n").flatMap(parseLine) };
  const { lines } = last;
  const keysOf = (name: string, marker: string) =>
    lines.filter((line) => line.marker === marker && matches(line.hosts, name)).map(({ key }) => key);
  // An entry without a port is for port 22, and serves for other ports when they have none of their own.
  const names = knownNames(endpoint);
  const trusted = names.map((name) => keysOf(name, "")).find((keys) => keys.length > 0) ?? [];
  return { trusted, revoked: names.flatMap((name) => keysOf(name, "@revoked")) };
}

/** The names an endpoint may stand under, the most exact first. */
export function knownNames(endpoint: Endpoint): string[] {
  const host = endpoint.host.toLowerCase();
  if (endpoint.port === 22) return [host];
  return [endpoint.host.includes(":") ? hostPort(endpoint) : `[${host}]:${endpoint.port}`, host];
}

interface Line {
  marker: string;
  hosts: string;
  key: string;
}

function parseLine(line: string): Line[] {
  const words = line.trim().split(/\s+/);
  const marker = words[0]?.startsWith("@") ? (words.shift() ?? "") : "";
  const [hosts, type, blob] = words;
  // Certificate authorities are left out: certificates are not offered, so their keys trust nobody here.
  if (!hosts || hosts.startsWith("#") || !type || !blob || marker === "@cert-authority") return [];
  return [{ marker, hosts, key: `${type} ${blob}` }];
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith("|1|")) return matchesHash(hosts, name);
  const patterns = hosts.toLowerCase().split(",");
  const negated = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  return !negated.some((pattern) => glob(pattern, name)) && patterns.some((pattern) => glob(pattern, name));
}

function matchesHash(hosts: string, name: string): boolean {
  const [, , salt = "", hash] = hosts.split("|");
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

function glob(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`).test(name);
}
