import type { InventoryNode } from "../inventory";
import { byAddress } from "../network-nodes/by-address";
import { type Protocol, usualPorts } from "./protocols";
import type { Bridge, ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface OpenVSwitchSettings extends ParsedSettings {
  name: string;
}

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): OpenVSwitchSettings {
  const bridges = Object.entries(parsed.bridges).map(([bridge, settings]) => [bridge, withPorts(settings)]);
  return { ...parsed, name, bridges: Object.fromEntries(bridges) };
}

function withPorts(bridge: Bridge): Bridge {
  const ports = mapped(bridge.ports, (port) =>
    port.type === "tunnel" ? { ...port, ...udpPort(port.port, port.protocol) } : port,
  );
  const tunnels = mapped(bridge.tunnels, (group) => ({ ...group, ...udpPort(group.port, group.protocol) }));
  return { ...bridge, ports, tunnels };
}

function udpPort(said: number | undefined, protocol: Protocol): { port?: number } {
  const port = said ?? usualPorts[protocol];
  return port === undefined ? {} : { port };
}

function mapped<T>(record: Record<string, T>, make: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]));
}

/** The nodes that have a bridge, in the order of their addresses. */
export function nodesOf({ nodes }: Pick<ParsedSettings, "nodes">, { nodes: only }: Pick<Bridge, "nodes">) {
  return byAddress(nodes.nodes).filter(({ name }) => only === undefined || only.includes(name));
}

/** The ports of a bridge that a node has. */
export function portsOn({ ports }: Bridge, { name }: InventoryNode) {
  return Object.entries(ports).filter(([, { nodes }]) => nodes === undefined || nodes.includes(name));
}
