import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import type { Port, Tunnels } from "./settings-ports";
import type { TunnelEnd } from "./tunnels";

/** A row of the database, as a node's state has it. */
export type Row = NonNullable<NodeStateInput["openvswitch"]>[number];
type Interface = Omit<Extract<Row, { table: "interface" }>, "table" | "name">;

/** What of a port is in rows besides where it is. */
type Watched = Pick<Port, "cfm" | "bfd"> & Partial<Pick<Port, "policing">>;

/** A port's rows on one node: the port, its interfaces, and what shapes it. */
export function portRows(bridge: string, name: string, port: Port, node: InventoryNode, mtu?: number): Row[] {
  const { type } = port;
  const interfaces = type === "bond" ? port.interfaces : [name];
  const shaped: Row[] = port.qos ? [{ table: "qos", name, ...qos(port.qos) }] : [];
  return [
    {
      table: "port",
      name,
      bridge,
      ...(type === "bond" && { interfaces }),
      ...vlans(port),
      ...bond(port),
      ...(port.protected && { protected: true }),
    },
    ...interfaces.map((one): Row => ({ table: "interface", name: one, ...made(port, mtu), ...watched(port, node) })),
    ...shaped,
  ];
}

/** What Open vSwitch makes for the port; of a device that is there it says nothing. */
function made(port: Port, mtu: number | undefined): Interface {
  switch (port.type) {
    case "internal":
      return { type: "internal", ...mtuRequest(port.mtu ?? mtu) };
    case "patch":
      return { type: "patch", options: { peer: port.peer } };
    case "tunnel": {
      const { protocol, remote, local } = port;
      return { type: protocol, options: { remote_ip: remote, ...given({ local_ip: local }), ...tunnelOptions(port) } };
    }
    default:
      return {};
  }
}

/** What an internal device is told of its packets. */
export function mtuRequest(mtu: number | undefined) {
  return mtu === undefined ? {} : { mtu_request: mtu };
}

/** One end of a tunnel between nodes. Ports of a mesh are protected: what comes by one leaves by no other. */
export function tunnelRows(bridge: string, group: Tunnels, { name, local, remote }: TunnelEnd, node: InventoryNode) {
  const options = { remote_ip: remote, local_ip: local, ...tunnelOptions(group) };
  const rows: Row[] = [
    { table: "port", name, bridge, ...vlans(group), ...(group.topology === "mesh" && { protected: true }) },
    { table: "interface", name, type: group.protocol, options, ...watched(group, node) },
  ];
  return rows;
}

type TunnelOptions = Pick<Tunnels, "key" | "port" | "csum" | "tos" | "ttl" | "dontFragment" | "options">;

function tunnelOptions({ key, port, csum, tos, ttl, dontFragment, options }: TunnelOptions) {
  return {
    ...given({ key, dst_port: port, csum, tos, ttl }),
    ...(!dontFragment && { df_default: "false" }),
    ...options,
  };
}

function vlans({ tag, trunks, vlanMode, customerVlans }: Pick<Port, "tag" | "trunks" | "vlanMode" | "customerVlans">) {
  return {
    ...(tag !== undefined && { tag }),
    ...(trunks.length > 0 && { trunks }),
    ...(vlanMode && { vlan_mode: vlanMode }),
    ...(customerVlans.length > 0 && { cvlans: customerVlans }),
  };
}

function bond(port: Port) {
  const { otherConfig } = port;
  if (port.type !== "bond") return some("other_config", otherConfig);
  const told = {
    "bond-rebalance-interval": String(port.rebalanceMs),
    ...(port.lacp !== "off" && { "lacp-time": port.lacpTime }),
    ...(port.lacpFallback && { "lacp-fallback-ab": "true" }),
    ...otherConfig,
  };
  return {
    bond_mode: port.mode,
    lacp: port.lacp,
    bond_updelay: port.upDelayMs,
    bond_downdelay: port.downDelayMs,
    other_config: told,
  };
}

function qos({ type, maxRate, queues, otherConfig }: NonNullable<Port["qos"]>) {
  const told = Object.entries(queues).map(([number, { minRate, maxRate: most, burst, priority }]) => [
    number,
    given({ "min-rate": minRate, "max-rate": most, burst, priority }),
  ]);
  return {
    type,
    ...some("other_config", { ...given({ "max-rate": maxRate }), ...otherConfig }),
    ...(told.length > 0 && { queues: Object.fromEntries(told) as Record<string, Record<string, string>> }),
  };
}

function watched({ cfm, bfd, policing }: Watched, { name }: InventoryNode) {
  const { rateKbps = 0, burstKb = 0, packetRateK = 0, packetBurstK = 0 } = policing ?? {};
  const limits = {
    ...(rateKbps > 0 && { ingress_policing_rate: rateKbps, ingress_policing_burst: burstKb }),
    ...(packetRateK > 0 && { ingress_policing_kpkts_rate: packetRateK, ingress_policing_kpkts_burst: packetBurstK }),
  };
  const detection = bfd && {
    bfd: {
      enable: "true",
      min_tx: String(bfd.minTxMs),
      min_rx: String(bfd.minRxMs),
      ...(bfd.forwardingIfRx && { forwarding_if_rx: "true" }),
    },
  };
  return { ...limits, ...detection, ...(cfm && faults(cfm, name)) };
}

function faults(
  { mpid, intervalMs, extended, demand, opstate, vlan, priority }: NonNullable<Port["cfm"]>,
  node: string,
) {
  const said = {
    cfm_interval: String(intervalMs),
    ...(extended && { cfm_extended: "true" }),
    ...(demand && { cfm_demand: "true" }),
    ...(opstate === "down" && { cfm_opstate: opstate }),
    ...given({ cfm_ccm_vlan: vlan, cfm_ccm_pcp: priority }),
  };
  return { ...(mpid[node] !== undefined && { cfm_mpid: mpid[node] }), other_config: said };
}

/** Values that were given, as text. */
function given(values: Record<string, string | number | boolean | undefined>): Record<string, string> {
  const found = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(found.map(([name, value]) => [name, String(value)]));
}

function some(name: string, values: Record<string, string>) {
  return Object.keys(values).length > 0 ? { [name]: values } : {};
}
