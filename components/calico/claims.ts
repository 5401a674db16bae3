import { type Claims, clusterNetwork } from "../network-nodes/beside";
import type { CalicoSettings } from "./complete";
import { tunnelOf } from "./pools";

/** What Calico, or the half of Canal that is Calico, has on a node under names that it does not let be chosen. */
export const thingsOfCalico: Claims["things"] = [
  { thing: "the name cali* of devices" },
  { thing: "the name cali-* of chains" },
];

/** What this network takes that another may not have. */
export function claims(settings: CalicoSettings): Claims {
  const { name, nodes, felix, pools, install } = settings;
  const tunnels = Object.values(pools).map(tunnelOf);
  return {
    name,
    ...(nodes && { nodes }),
    ranges: rangesOf(settings),
    things: [
      { path: "name", thing: `the name ${name}` },
      // With policy alone another network attaches the pods.
      ...(install === "policy-only" ? [] : [clusterNetwork]),
      ...(tunnels.includes("vxlan")
        ? [{ path: "felix.vxlanVni", thing: `the tunnel ${felix.vxlanVni} on port ${felix.vxlanPort}` }]
        : []),
      ...thingsOfCalico,
    ],
  };
}

/** With policy alone the pods' addresses are those of the network that carries their packets. */
function rangesOf({ install, podCidr, pools }: CalicoSettings): Claims["ranges"] {
  if (install === "policy-only") return [];
  // Pools of pods are parts of podCidr; those of services need not be.
  const services = Object.entries(pools).filter(([, pool]) => !pool.allowedUses.includes("Workload"));
  return [
    ...podCidr.map((cidr) => ({ name: "podCidr", cidr })),
    ...services.map(([pool, { cidr }]) => ({ name: `pools.${pool}.cidr`, cidr })),
  ];
}
