import { recorded } from "../network-nodes/record";
import type { NuageSettings } from "./complete";

/** The settings in force, as a NetworkRecord keeps them: of secrets only whether they are set. */
export function record(settings: NuageSettings): Record<string, unknown> {
  const { vsd, operator } = settings;
  const { certificate, key, ...open } = vsd;
  return recorded({
    ...settings,
    vsd: { ...open, ...(certificate !== undefined && { certificate: true }), ...(key !== undefined && { key: true }) },
    ...(operator && { operator: { ...operator, registry: { ...operator.registry, password: true } } }),
  } as never);
}
