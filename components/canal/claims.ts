import { thingsOfCalico } from "../calico/claims";
import { annotationsOfNode, thingsOfBackend } from "../flannel/claims";
import { type Claims, claimsOf, clusterNetwork } from "../network-nodes/beside";
import type { CanalSettings } from "./complete";

/** What this network takes that another may not have. */
export function claims(settings: CanalSettings): Claims {
  return claimsOf(settings, [annotationsOfNode, clusterNetwork, ...thingsOfBackend(settings), ...thingsOfCalico]);
}
