import { recorded } from "../network-nodes/record";
import type { ContivSettings } from "./complete";

/** The settings in force, as a NetworkRecord keeps them: of secrets only whether they are set. */
export function record(settings: ContivSettings): Record<string, unknown> {
  const { authProxy, aci } = settings;
  return recorded({
    ...settings,
    ...(authProxy && { authProxy: { ...authProxy, key: true } }),
    ...(aci && {
      aci: {
        ...aci,
        ...(aci.password !== undefined && { password: true }),
        ...(aci.certificate && { certificate: { ...aci.certificate, key: true } }),
      },
    }),
  } as never);
}
