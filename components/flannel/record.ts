import { recorded } from "../network-nodes/record";
import type { FlannelSettings } from "./complete";

/** Settings that hold secrets: only whether they are set is recorded. */
const secrets = ["psk", "accessKeyId", "accessKeySecret", "password"];

/** The settings in force, as a NetworkRecord keeps them. */
export function record(settings: Pick<FlannelSettings, "backend" | "etcd" | "nodes">): Record<string, unknown> {
  const { backend, etcd } = settings;
  return recorded({
    ...settings,
    backend: withoutSecrets(backend),
    ...(etcd && { etcd: withoutSecrets(etcd) }),
  } as never);
}

function withoutSecrets(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secrets.includes(name) ? value !== undefined : value]),
  );
}
