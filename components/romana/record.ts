import { recorded } from "../network-nodes/record";
import type { RomanaSettings } from "./complete";

/** The settings in force, as a NetworkRecord keeps them. */
export function record(settings: RomanaSettings): Record<string, unknown> {
  return recorded(settings as never);
}
