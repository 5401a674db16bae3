import type { Claims } from "../network-nodes/beside";
import { type BridgeSettings, tunnelFamily } from "./complete";

/** What this network takes that another may not have. */
export function claims(settings: BridgeSettings): Claims {
  const { name, nodes, shape, podCidr, flat, bridge, vxlan } = settings;
  const [path, ranges] = shape === "flat" ? ["flat.pool", flat.pool] : ["podCidr", podCidr];
  return {
    name,
    nodes,
    ranges: ranges.map((cidr) => ({ name: path, cidr })),
    things: [
      { path: "name", thing: `the name ${name}` },
      { path: "bridge", thing: `the device ${bridge}` },
      ...(tunnelFamily(settings)
        ? [
            { path: "vxlan.name", thing: `the device ${vxlan.name}` },
            { path: "vxlan.vni", thing: `the tunnel ${vxlan.vni} on port ${vxlan.port}` },
          ]
        : []),
    ],
  };
}
