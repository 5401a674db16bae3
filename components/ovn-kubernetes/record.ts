import { recorded } from "../network-nodes/record";
import type { OvnKubernetesSettings } from "./complete";

/** The settings in force, as a NetworkRecord keeps them: of the webhook's key only that there is one. */
export function record(settings: OvnKubernetesSettings): Record<string, unknown> {
  const { identity } = settings;
  const { certificate } = identity;
  return recorded({
    ...settings,
    ...(certificate && { identity: { ...identity, certificate: { ...certificate, key: true } } }),
  } as never);
}
