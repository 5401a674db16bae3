import { type Claims, claimsOf, clusterNetwork } from "../network-nodes/beside";
import type { WeaveSettings } from "./complete";
import { conflist, ports } from "./names";

/** What this network takes that another may not have. */
export function claims(settings: WeaveSettings): Claims {
  const { mode } = settings;
  return claimsOf(settings, [
    ...(mode === "kubernetes" ? [clusterNetwork] : []),
    // One Weave a node: its devices, chains and ports have names of Weave's own.
    { thing: "the device weave" },
    { thing: "the name WEAVE-* of chains" },
    { thing: `the port ${ports.control}` },
    ...(mode === "docker" ? [] : [{ thing: `the file ${conflist}` }]),
  ]);
}
