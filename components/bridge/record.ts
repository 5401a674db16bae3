import { recorded } from "../network-nodes/record";
import type { BridgeSettings } from "./complete";

/** The settings in force, as a NetworkRecord keeps them. */
export function record(settings: BridgeSettings): Record<string, unknown> {
  return recorded(settings);
}
