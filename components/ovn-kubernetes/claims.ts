import { type Claims, claimsOf, clusterNetwork } from "../network-nodes/beside";
import type { OvnKubernetesSettings } from "./complete";
import { devices } from "./names";

/** What this network takes that another may not have. */
export function claims(settings: OvnKubernetesSettings): Claims {
  const { openvswitch, gateway } = settings;
  return claimsOf(settings, [
    clusterNetwork,
    { thing: `the device ${devices.bridge}` },
    ...(gateway.bridge === "made" ? [{ path: "gateway.interface", thing: `the device ${gateway.interface}` }] : []),
    // One that its pods run cannot stand beside another; the node's own can have bridges of others.
    ...(openvswitch === "pod" ? [{ path: "openvswitch", thing: "Open vSwitch of the node" }] : []),
  ]);
}
