import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import { type OpenVSwitchSettings, portsOn } from "./complete";
import { bridgesOn, rows } from "./rows";

/** What Open vSwitch should be on each node, by node. */
export function hosts(settings: OpenVSwitchSettings): Record<string, NodeStateInput> {
  return Object.fromEntries(settings.nodes.nodes.map((node) => [node.name, host(settings, node)]));
}

function host(settings: OpenVSwitchSettings, node: InventoryNode): NodeStateInput {
  const bridges = bridgesOn(settings, node);
  const own = bridges.flatMap(([name, bridge]) => [
    { device: name, addresses: bridge.addresses[node.name] ?? [] },
    ...portsOn(bridge, node).flatMap(([port, told]) =>
      told.type === "internal" ? [{ device: port, addresses: told.addresses[node.name] ?? [] }] : [],
    ),
  ]);
  const uplinks = bridges
    .filter(([, { uplink }]) => uplink)
    .map(([bridge]) => ({ device: node.nic as string, bridge }));
  const nics = nicsOn(settings, node);
  const moved = new Set(uplinks.map(({ device }) => device));
  return {
    openvswitch: rows(settings, node),
    links: [
      ...own.map(({ device }) => ({ type: "device" as const, name: device })),
      // A NIC that moves with its addresses is taken up with them.
      ...nics.filter((name) => !moved.has(name)).map((name) => ({ type: "device" as const, name })),
    ],
    addresses: own.flatMap(({ device, addresses }) => addresses.map((address) => ({ device, address }))),
    uplinks: uplinks.map((uplink) => ({ ...uplink, addresses: node.addresses })),
    nftables: settings.datapath === "netdev" ? nics.map(keptFromHost) : [],
  };
}

/** Devices that are there and become ports, alone or in a bond. */
function nicsOn(settings: OpenVSwitchSettings, node: InventoryNode): string[] {
  return bridgesOn(settings, node).flatMap(([, bridge]) => [
    ...(bridge.uplink ? [node.nic as string] : []),
    ...portsOn(bridge, node).flatMap(([name, port]) =>
      port.type === "bond" ? port.interfaces : port.type === "nic" ? [name] : [],
    ),
  ]);
}

/**
 * ovs-vswitchd reads a NIC's packets beside the kernel, which would answer them a second time and from another hardware
 * address (Open vSwitch's documentation, "Open vSwitch without Kernel Support"). It has read them when the ingress hook
 * drops them. Each NIC has a table of its own: one that is late at a boot keeps no other from its rule.
 */
function keptFromHost(nic: string): NonNullable<NodeStateInput["nftables"]>[number] {
  const ruleset = [
    "  chain port {",
    `    type filter hook ingress device "${nic}" priority 0; policy drop;`,
    "  }",
  ].join("\n");
  return { family: "netdev", table: `podnet-${nic.replaceAll(/\W/g, "-")}`, ruleset };
}
