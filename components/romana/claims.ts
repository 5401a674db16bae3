import { type Claims, claimsOf, clusterNetwork } from "../network-nodes/beside";
import type { RomanaSettings } from "./complete";
import { bridge, files, table } from "./names";

/** What this network takes that another may not have. */
export function claims(settings: RomanaSettings): Claims {
  const things =
    settings.attach === "cni"
      ? [{ thing: `the device ${bridge}` }]
      : [
          { thing: "the device romana-gw" },
          { thing: "the name ROMANA* of chains" },
          { thing: `the routing table ${table.number}` },
          { thing: `the file ${files.romana}` },
        ];
  return claimsOf(settings, [clusterNetwork, ...things]);
}
