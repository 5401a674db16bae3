import type { Problem } from "../addresses/problem";
import type { InventoryNode } from "../inventory";
import { nodesOf, type OpenVSwitchSettings } from "./complete";
import { refusedProtocols } from "./protocols";
import type { Bridge } from "./settings";
import type { Port } from "./settings-ports";

/** What is wrong with ports and mirrors beyond a single field. */
export function portProblems(settings: OpenVSwitchSettings): Problem[] {
  return Object.entries(settings.bridges).flatMap(([name, bridge]) => {
    const nodes = nodesOf(settings, bridge);
    return [
      ...Object.entries(bridge.ports).flatMap(([port, told]) => {
        const path = `bridges.${name}.ports.${port}`;
        return [
          ...vlanProblems(path, told),
          ...bondProblems(path, told),
          ...patchProblems(path, [name, port], told, settings),
          ...protocolProblems(path, told.type === "tunnel" ? told.protocol : undefined),
          ...faultProblems(path, told, told.nodes ? nodes.filter((node) => told.nodes?.includes(node.name)) : nodes),
          ...(told.policing.rateKbps + told.policing.packetRateK > 0 && settings.datapath === "netdev"
            ? [
                {
                  path: `${path}.policing`,
                  rule: "policing is the kernel's, and the datapath netdev forwards past it",
                  fix: 'leave it out, or say datapath: "system"',
                },
              ]
            : []),
        ];
      }),
      ...mirrorProblems(settings, name, bridge),
    ];
  });
}

type Vlans = Pick<Port, "tag" | "trunks" | "vlanMode" | "customerVlans">;

/** Which VLAN settings go together: ovs-vswitchd.conf.db(5), "VLAN Configuration". */
export function vlanProblems(path: string, { tag, trunks, vlanMode, customerVlans }: Vlans): Problem[] {
  const mode = vlanMode ?? (tag === undefined ? "trunk" : "access");
  const problem = (field: string, rule: string, fix: string): Problem => ({ path: `${path}.${field}`, rule, fix });
  return [
    ...(mode === "access" && trunks.length > 0
      ? [
          problem(
            "trunks",
            "an access port has one VLAN and no trunks",
            'say vlanMode: "native-untagged", or leave one out',
          ),
        ]
      : []),
    ...(mode !== "trunk" && tag === undefined
      ? [problem("tag", `a port of vlanMode ${mode} needs a VLAN`, "say tag")]
      : []),
    ...(mode === "trunk" && tag !== undefined
      ? [problem("tag", "a trunk has no VLAN of its own", 'say vlanMode: "native-tagged" or "native-untagged"')]
      : []),
    ...(mode !== "dot1q-tunnel" && customerVlans.length > 0
      ? [problem("customerVlans", "only a dot1q-tunnel has customers' VLANs", 'say vlanMode: "dot1q-tunnel"')]
      : []),
  ];
}

function bondProblems(path: string, port: Port): Problem[] {
  if (port.type !== "bond") return [];
  const { mode, lacp, lacpFallback } = port;
  return [
    ...(mode === "balance-tcp" && lacp === "off"
      ? [{ path: `${path}.lacp`, rule: "balance-tcp needs LACP", fix: 'say lacp: "active", or mode: "balance-slb"' }]
      : []),
    ...(lacpFallback && lacp === "off"
      ? [{ path: `${path}.lacpFallback`, rule: "there is no LACP to fall back from", fix: 'say lacp: "active"' }]
      : []),
  ];
}

/** A cable has two ends, in two bridges. */
function patchProblems(
  path: string,
  [bridge, name]: [string, string],
  port: Port,
  settings: OpenVSwitchSettings,
): Problem[] {
  if (port.type !== "patch") return [];
  const ends = Object.entries(settings.bridges).flatMap(([other, { ports }]) =>
    Object.entries(ports).map(([end, told]) => ({ other, end, told })),
  );
  const peer = ends.find(({ end }) => end === port.peer);
  // Its other end may be somebody else's, such as OVN's.
  if (!peer) return [];
  if (peer.told.type === "patch" && peer.told.peer === name && peer.other !== bridge) return [];
  const rule = `${port.peer} of ${peer.other} is not the other end of ${name}`;
  return [
    {
      path: `${path}.peer`,
      value: port.peer,
      rule,
      fix: `make it a patch port with peer: "${name}" in another bridge`,
    },
  ];
}

export function protocolProblems(
  path: string,
  protocol: Extract<Port, { type: "tunnel" }>["protocol"] | undefined,
): Problem[] {
  const reason = protocol && refusedProtocols[protocol];
  if (!reason) return [];
  return [{ path: `${path}.protocol`, value: protocol, rule: reason, fix: 'say protocol: "geneve" or "vxlan"' }];
}

/** Every end of a watched link has a number, and another one than the other end. */
export function faultProblems(path: string, { cfm }: Pick<Port, "cfm">, nodes: readonly InventoryNode[]): Problem[] {
  if (!cfm) return [];
  const missing = nodes.filter(({ name }) => cfm.mpid[name] === undefined);
  const numbers = Object.entries(cfm.mpid);
  const twice = numbers.filter(([, one], at) => numbers.findIndex(([, other]) => other === one) < at);
  return [
    ...missing.map(({ name }) => ({
      path: `${path}.cfm.mpid`,
      rule: `${name} has no number`,
      fix: `say cfm.mpid.${name}`,
    })),
    ...twice.map(([name, one]) => ({
      path: `${path}.cfm.mpid.${name}`,
      value: String(one),
      rule: "two nodes have the same number, and would take each other's messages for their own",
      fix: "give each another one",
    })),
    ...(cfm.demand && !cfm.extended
      ? [{ path: `${path}.cfm.demand`, rule: "demand is of the extended form", fix: "say extended: true" }]
      : []),
  ];
}

function mirrorProblems(settings: OpenVSwitchSettings, bridge: string, { ports, mirrors }: Bridge): Problem[] {
  const known = [bridge, ...Object.keys(ports)];
  const elsewhere = (name: string) =>
    Object.entries(settings.bridges).some(([other, one]) => other !== bridge && name in one.mirrors);
  return Object.entries(mirrors).flatMap(([name, { from, to, outputPort, outputVlan, all }]) => {
    const path = `bridges.${bridge}.mirrors.${name}`;
    const named = [...from, ...to, ...(outputPort ? [outputPort] : [])];
    return [
      ...named
        .filter((port) => !known.includes(port) && !settings.nodes.nodes.some(({ nic }) => nic === port))
        .map((port) => ({
          path,
          value: port,
          rule: `${bridge} has no port ${port}`,
          fix: `ports are: ${known.join(", ")}`,
        })),
      ...((outputPort === undefined) === (outputVlan === undefined)
        ? [{ path, rule: "copies go to one place", fix: "say either outputPort or outputVlan" }]
        : []),
      ...(!all && from.length + to.length === 0
        ? [{ path, rule: "nothing is mirrored", fix: "say all: true, from or to" }]
        : []),
      ...(elsewhere(name)
        ? [
            {
              path,
              rule: `two bridges have a mirror ${name}, which is its name in the database`,
              fix: "give it another name",
            },
          ]
        : []),
    ];
  });
}
