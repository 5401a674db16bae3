import { type Claims, claimsOf } from "../network-nodes/beside";
import type { LinenSettings } from "./complete";

/** What this network takes that another may not have. */
export function claims(settings: LinenSettings): Claims {
  const { bridge, ovsBridge } = settings;
  return claimsOf(settings, [
    { path: "bridge", thing: `the device ${bridge}` },
    { path: "ovsBridge", thing: `the device ${ovsBridge}` },
  ]);
}
