import { type Claims, claimsOf, clusterNetwork } from "../network-nodes/beside";
import type { NuageSettings } from "./complete";

/** What this network takes that another may not have. */
export function claims(settings: NuageSettings): Claims {
  const { bridge } = settings.cni;
  return claimsOf(settings, [
    clusterNetwork,
    { path: "cni.bridge", thing: `the bridge ${bridge}` },
    { thing: "Open vSwitch of the node" },
  ]);
}
