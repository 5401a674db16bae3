import { recorded } from "../network-nodes/record";
import type { PolicySettings } from "./complete";

/** The settings in force, as a NetworkRecord keeps them: without what is only looked at, or worked out from them. */
export function record(settings: PolicySettings): Record<string, unknown> {
  const { network: _network, beside: _beside, baseline: _baseline, ...kept } = settings;
  return recorded(kept);
}
