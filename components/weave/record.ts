import { recorded } from "../network-nodes/record";
import type { WeaveSettings } from "./complete";

/** The settings in force, as a NetworkRecord keeps them; of the password only whether there is one. */
export function record(settings: WeaveSettings): Record<string, unknown> {
  return recorded({ ...settings, password: settings.password !== undefined } as never);
}
