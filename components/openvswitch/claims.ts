import type { Claims } from "../network-nodes/beside";
import type { OpenVSwitchSettings } from "./complete";

/** What it takes on its nodes that no other network may have. */
export function claims({ name, nodes, bridges }: OpenVSwitchSettings): Claims {
  const devices = Object.entries(bridges).flatMap(([bridge, { ports }]) => [
    { path: `bridges.${bridge}`, thing: `the device ${bridge}` },
    ...Object.keys(ports).map((port) => ({ path: `bridges.${bridge}.ports.${port}`, thing: `the device ${port}` })),
  ]);
  return { name, nodes, ranges: [], things: [{ path: "name", thing: `the name ${name}` }, ...devices] };
}
