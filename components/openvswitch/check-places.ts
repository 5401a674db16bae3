import type { Problem } from "../addresses/problem";
import type { InventoryNode } from "../inventory";
import { nodesOf, type OpenVSwitchSettings, portsOn } from "./complete";
import type { Bridge } from "./settings";

/** Something that a bridge or a port has on some nodes, and the nodes that have the bridge or the port. */
interface Place {
  path: string;
  /** "the bridge br0" */
  thing: string;
  /** Path of what says which nodes have it. */
  holder: string;
  has: readonly string[];
  wanted: readonly string[];
}

/** What is said of a bridge or a port is said of nodes that have it: elsewhere it would come to nothing. */
export function placeProblems(settings: OpenVSwitchSettings): Problem[] {
  const known = settings.nodes.nodes.map(({ name }) => name);
  return Object.entries(settings.bridges)
    .flatMap(([name, bridge]) => places(`bridges.${name}`, name, bridge, nodesOf(settings, bridge)))
    .flatMap(({ path, thing, holder, has, wanted }) =>
      wanted
        .filter((node) => known.includes(node) && !has.includes(node))
        .map((node) => ({
          path,
          value: node,
          rule: `${node} does not have ${thing}`,
          fix: `add it to ${holder}.nodes, or leave it out here`,
        })),
    );
}

function places(path: string, name: string, bridge: Bridge, nodes: readonly InventoryNode[]): Place[] {
  const { addresses, ports, mirrors } = bridge;
  const onBridge = { thing: `the bridge ${name}`, holder: path, has: nodes.map((node) => node.name) };
  return [
    { ...onBridge, path: `${path}.addresses`, wanted: Object.keys(addresses) },
    ...Object.entries(ports).flatMap(([port, told]): Place[] => {
      const at = `${path}.ports.${port}`;
      const wanted = told.type === "internal" ? Object.keys(told.addresses) : [];
      const onPort = { thing: `the port ${port}`, holder: at, has: told.nodes ?? onBridge.has };
      return [
        { ...onBridge, path: `${at}.nodes`, wanted: told.nodes ?? [] },
        { ...onPort, path: `${at}.addresses`, wanted },
      ];
    }),
    ...Object.entries(mirrors).flatMap(([mirror, { nodes: only, from, to, outputPort }]): Place[] => {
      const at = `${path}.mirrors.${mirror}`;
      const wanted = only ?? onBridge.has;
      const named = [...new Set([...from, ...to, ...(outputPort ? [outputPort] : [])])];
      return [
        { ...onBridge, path: `${at}.nodes`, wanted: only ?? [] },
        ...named
          .filter((port) => port in ports)
          .map((port) => ({
            path: at,
            thing: `the port ${port}`,
            holder: `${path}.ports.${port}`,
            has: nodes.filter((node) => portsOn(bridge, node).some(([one]) => one === port)).map((node) => node.name),
            wanted: wanted.filter((node) => onBridge.has.includes(node)),
          })),
      ];
    }),
  ];
}
