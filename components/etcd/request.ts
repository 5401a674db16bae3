import { curlAnswer, curlScript } from "../node/curl-script";
import { printable } from "../node/printable";
import type { EtcdKeySettings } from "./settings";

/** One question to etcd's JSON gateway (API v3). */
export interface EtcdRequest {
  /** Below /v3: "kv/put". */
  path: string;
  body: Record<string, unknown>;
}

type Access = Pick<EtcdKeySettings, "tls"> & { endpoint: string; token?: string };

const base64 = (text: string) => Buffer.from(text).toString("base64");

export const requests = {
  authenticate: (name: string, password: string): EtcdRequest => ({
    path: "auth/authenticate",
    body: { name, password },
  }),
  put: (key: string, value: string): EtcdRequest => ({
    path: "kv/put",
    body: { key: base64(key), value: base64(value) },
  }),
  get: (key: string): EtcdRequest => ({ path: "kv/range", body: { key: base64(key) } }),
  /** The key, and every key that begins with the prefix. */
  remove: (key: string, prefix?: string): EtcdRequest[] => [
    { path: "kv/deleterange", body: { key: base64(key) } },
    ...(prefix === undefined
      ? []
      : [{ path: "kv/deleterange", body: { key: base64(prefix), range_end: afterPrefix(prefix).toString("base64") } }]),
  ],
};

/** The first key that does not begin so: its last byte, which is ASCII, one higher. */
function afterPrefix(prefix: string): Buffer {
  const bytes = Buffer.from(prefix);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) + 1, bytes.length - 1);
  return bytes;
}

/** Asks from a node, by curl. */
export function requestScript({ endpoint, tls, token }: Access, { path, body }: EtcdRequest): string {
  return curlScript({
    url: `${endpoint}/v3/${path}`,
    "connect-timeout": "10",
    "max-time": "20",
    ...(tls && { ...(tls.ca && { cacert: tls.ca }), cert: tls.certificate, key: tls.key }),
    header: ["Content-Type: application/json", ...(token ? [`Authorization: ${token}`] : [])],
    data: JSON.stringify(body),
  });
}

/** What etcd answered; throws what it said, or why it could not be asked. */
export function parseAnswer(result: { code: number; stdout: string; stderr: string }): Record<string, unknown> {
  const { text, status } = curlAnswer(result);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(`it is no etcd that answers (HTTP ${status}): ${printable(text.trim(), 200) || "nothing"}`);
  }
  const { error, message } = answer as { error?: unknown; message?: unknown };
  if (status !== "200") throw new Error(printable(String(error ?? message ?? `HTTP ${status}`), 300));
  return answer as Record<string, unknown>;
}

/** The value of a key as etcd answered it; undefined when there is no such key. */
export function valueIn(answer: Record<string, unknown>): string | undefined {
  const [found] = (answer.kvs ?? []) as { value?: string }[];
  return found && Buffer.from(found.value ?? "", "base64").toString();
}
