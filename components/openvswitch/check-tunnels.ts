import { IpAddress } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { faultProblems, protocolProblems, vlanProblems } from "./check-ports";
import { nodesOf, type OpenVSwitchSettings, portsOn } from "./complete";
import { bridgesOn } from "./rows";
import type { Bridge } from "./settings";
import { endpointOf } from "./tunnels";

/** What is wrong with tunnels between nodes. */
export function tunnelProblems(settings: OpenVSwitchSettings): Problem[] {
  return Object.entries(settings.bridges).flatMap(([name, bridge]) => {
    const groups = Object.entries(bridge.tunnels);
    const nodes = nodesOf(settings, bridge);
    return [
      ...groups.flatMap(([group, told]) => {
        const path = `bridges.${name}.tunnels.${group}`;
        return [
          ...protocolProblems(path, told.protocol),
          ...vlanProblems(path, told),
          ...faultProblems(path, told, nodes),
          ...hubProblems(
            path,
            told,
            nodes.map((node) => node.name),
          ),
          ...endpointProblems(settings, path, bridge, group),
        ];
      }),
      ...loopProblems(`bridges.${name}`, bridge),
    ];
  });
}

type Tunnels = Bridge["tunnels"][string];

function hubProblems(path: string, { topology, hub }: Tunnels, nodes: string[]): Problem[] {
  const isStar = topology === "star";
  if (isStar === (hub !== undefined) && (!hub || nodes.includes(hub))) return [];
  if (!isStar)
    return [{ path: `${path}.hub`, value: hub as string, rule: "a mesh has no middle", fix: 'say topology: "star"' }];
  const rule = hub ? `the hub ${hub} does not have the bridge` : "a star has a node in the middle";
  return [{ path: `${path}.hub`, rule, fix: `say hub: one of ${nodes.join(", ")}` }];
}

/** In user space a tunnel's packets leave by the bridge that has its address: the kernel does not route them. */
function endpointProblems(settings: OpenVSwitchSettings, path: string, bridge: Bridge, group: string): Problem[] {
  const told = bridge.tunnels[group] as Tunnels;
  const nodes = nodesOf(settings, bridge);
  const families = new Set(nodes.map((node) => IpAddress.parse(endpointOf(settings, told, node) ?? "::").family));
  const mixed: Problem[] =
    families.size > 1
      ? [
          {
            path: `${path}.endpoints`,
            rule: "tunnels cannot begin at IPv4 and end at IPv6",
            fix: "give every node an endpoint of one family",
          },
        ]
      : [];
  const missing = nodes.filter((node) => endpointOf(settings, told, node) === undefined);
  if (missing.length > 0)
    return missing.map(({ name }) => ({
      path: `${path}.endpoints`,
      rule: `${name} has no address for ${told.protocol}`,
      fix: `say endpoints.${name}`,
    }));
  if (settings.datapath === "system") return mixed;
  const stranded = nodes.filter((node) => {
    const local = endpointOf(settings, told, node);
    const own = bridgesOn(settings, node).flatMap(([, one]) => [
      ...(one.addresses[node.name] ?? []),
      ...portsOn(one, node).flatMap(([, port]) => (port.type === "internal" ? (port.addresses[node.name] ?? []) : [])),
      ...(one.uplink ? node.addresses : []),
    ]);
    return !own.some((address) => String(IpAddress.parse(address.split("/")[0] as string)) === local);
  });
  return [
    ...mixed,
    ...stranded.map((node) => ({
      path: `${path}.endpoints.${node.name}`,
      value: endpointOf(settings, told, node),
      rule: `with datapath netdev, tunnels of ${node.name} begin at an address on one of its bridges, and this one is not`,
      fix: "say uplink: true of a bridge, or addresses of a bridge with a NIC, and name them as endpoints",
    })),
  ];
}

/** Frames that come back by another way go round for ever, unless something closes the ring. */
function loopProblems(path: string, { tunnels, uplink, spanningTree, controllers }: Bridge): Problem[] {
  if (spanningTree !== "none" || controllers) return [];
  const names = Object.keys(tunnels);
  const fix = 'say spanningTree: "rstp", or name controllers';
  return [
    ...(names.length > 1
      ? [
          {
            path: `${path}.tunnels`,
            value: names.join(", "),
            rule: "several tunnels between the same nodes are a ring",
            fix: `${fix}; or give each a bridge of its own`,
          },
        ]
      : []),
    ...(uplink && names.length > 0
      ? [
          {
            path: `${path}.uplink`,
            rule: "the NIC and a tunnel over it in one bridge are a ring",
            fix: `give the tunnels a bridge of their own, or ${fix}`,
          },
        ]
      : []),
  ];
}
