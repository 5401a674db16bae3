import type { Inventory, InventoryNode } from "../inventory";
import { byAddress } from "../network-nodes/by-address";
import { lastShipped } from "./orchestrators";
import type { ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface CalicoHostsSettings extends ParsedSettings {
  name: string;
  version: string;
  configureOn: string;
}

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): CalicoHostsSettings {
  const { nodes, datastore, orchestrator } = parsed;
  return {
    ...parsed,
    name,
    version: parsed.version ?? lastShipped[orchestrator.type] ?? "v3.32.1",
    configureOn: parsed.configureOn ?? (byAddress(nodes.nodes)[0] as InventoryNode).name,
    datastore:
      datastore.type === "etcd" && datastore.endpoints.length === 0
        ? { ...datastore, endpoints: members(nodes, datastore.members).map((node) => clientUrl(node, datastore)) }
        : datastore,
    hostEndpoints: { ...ownEndpoints(parsed), ...parsed.hostEndpoints },
  };
}

/** The host endpoints of the nodes' own interfaces, each labelled with its node's name. */
function ownEndpoints({ orchestrator }: ParsedSettings): ParsedSettings["hostEndpoints"] {
  if (orchestrator.type !== "hosts") return {};
  const made = Object.entries(orchestrator.interfaces).map(([node, interfaceName]) => [
    `${node}-${interfaceName}`.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-"),
    { node, interfaceName, expectedIps: [], labels: { node }, ports: {}, profiles: [] },
  ]);
  return Object.fromEntries(made) as ParsedSettings["hostEndpoints"];
}

export function members({ nodes }: Inventory, names: readonly string[]): InventoryNode[] {
  return nodes.filter(({ name }) => names.includes(name));
}

type Etcd = Extract<ParsedSettings["datastore"], { type: "etcd" }>;

/** Where a member answers clients. */
export function clientUrl({ addresses: [address = ""] }: InventoryNode, { tls, clientPort }: Etcd): string {
  return `${tls ? "https" : "http"}://${bracketed(address)}:${clientPort}`;
}

export function peerUrl({ addresses: [address = ""] }: InventoryNode, { tls, peerPort }: Etcd): string {
  return `${tls ? "https" : "http"}://${bracketed(address)}:${peerPort}`;
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** Whether a node runs Neutron's server, or what serves virtual machines. */
export function isController({ orchestrator }: CalicoHostsSettings, { name }: InventoryNode): boolean {
  return orchestrator.type === "openstack" && orchestrator.controllers.includes(name);
}

/** Whether Calico gives addresses to workloads, of pools of its own, and tells routes to them by a BIRD of its own. */
export function hasPools({ orchestrator }: CalicoHostsSettings): boolean {
  return orchestrator.type === "docker" || orchestrator.type === "mesos";
}

/** Whether their packets go between nodes in a tunnel. */
export function encapsulates(settings: CalicoHostsSettings): boolean {
  return hasPools(settings) && settings.encapsulation !== "None";
}
