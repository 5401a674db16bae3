import type { InventoryNode } from "../inventory";
import { nodesOf, type OpenVSwitchSettings, portsOn } from "./complete";
import { bridgeMtu } from "./mtu";
import { mtuRequest, portRows, type Row, tunnelRows } from "./rows-port";
import type { Bridge } from "./settings";
import { endsOf } from "./tunnels";

/** Everything that Open vSwitch's database of one node should have. */
export function rows(settings: OpenVSwitchSettings, node: InventoryNode): Row[] {
  const { managers, ssl } = settings;
  return [
    ...bridgesOn(settings, node).flatMap(([name, bridge]) => bridgeRows(settings, name, bridge, node)),
    ...managers.map((target): Row => ({ table: "manager", name: target })),
    ...(ssl
      ? [
          {
            table: "ssl",
            name: ".",
            private_key: ssl.privateKey,
            certificate: ssl.certificate,
            ca_cert: ssl.caCertificate,
            bootstrap_ca_cert: ssl.bootstrap,
          } satisfies Row,
        ]
      : []),
  ];
}

/** The bridges that a node has. */
export function bridgesOn(settings: OpenVSwitchSettings, node: InventoryNode): [string, Bridge][] {
  return Object.entries(settings.bridges).filter(([, bridge]) => nodesOf(settings, bridge).includes(node));
}

function bridgeRows(settings: OpenVSwitchSettings, name: string, bridge: Bridge, node: InventoryNode): Row[] {
  const mtu = bridgeMtu(settings, bridge, node);
  const nic: Row[] = bridge.uplink
    ? [
        { table: "port", name: node.nic as string, bridge: name },
        { table: "interface", name: node.nic as string },
      ]
    : [];
  const tunnels = Object.entries(bridge.tunnels).flatMap(([group, told]) =>
    endsOf(settings, bridge, group, told, node).flatMap((end) => tunnelRows(name, told, end, node)),
  );
  return [
    { table: "bridge", name, ...(bridge.uplink && { macFrom: node.nic }), ...bridgeColumns(settings, bridge) },
    { table: "port", name, bridge: name, ...(bridge.tag !== undefined && { tag: bridge.tag }) },
    { table: "interface", name, type: "internal", ...mtuRequest(mtu) },
    ...nic,
    ...portsOn(bridge, node).flatMap(([port, told]) => portRows(name, port, told, node, mtu)),
    ...tunnels,
    ...watchers(name, bridge),
    ...mirrors(name, bridge, node),
  ];
}

function bridgeColumns({ datapath }: OpenVSwitchSettings, bridge: Bridge) {
  const { protocols, failMode, spanningTree, multicastSnooping, macAgingSeconds, forwardBpdu, otherConfig } = bridge;
  return {
    datapath_type: datapath,
    ...(protocols.length > 0 && { protocols }),
    fail_mode: failMode,
    ...(spanningTree === "stp" && { stp_enable: true }),
    ...(spanningTree === "rstp" && { rstp_enable: true }),
    ...(multicastSnooping && { mcast_snooping_enable: true }),
    other_config: {
      "mac-aging-time": String(macAgingSeconds),
      ...(forwardBpdu && { "forward-bpdu": "true" }),
      ...otherConfig,
    },
  };
}

function watchers(name: string, { controllers, netflow, sflow, ipfix }: Bridge): Row[] {
  const found: (Row | undefined)[] = [
    controllers && {
      table: "controller",
      name,
      targets: controllers.targets,
      connection_mode: controllers.connectionMode,
      inactivity_probe: controllers.inactivityProbeMs,
      max_backoff: controllers.maxBackoffMs,
    },
    netflow && {
      table: "netflow",
      name,
      targets: netflow.targets,
      active_timeout: netflow.activeTimeoutSeconds,
      add_id_to_interface: netflow.addIdToInterface,
    },
    sflow && {
      table: "sflow",
      name,
      targets: sflow.targets,
      sampling: sflow.sampling,
      polling: sflow.pollingSeconds,
      header: sflow.headerBytes,
      ...(sflow.agent && { agent: sflow.agent }),
    },
    ipfix && {
      table: "ipfix",
      name,
      targets: ipfix.targets,
      sampling: ipfix.sampling,
      obs_domain_id: ipfix.domainId,
      obs_point_id: ipfix.pointId,
      cache_active_timeout: ipfix.cacheActiveSeconds,
      cache_max_flows: ipfix.cacheMaxFlows,
    },
  ];
  return found.filter((row) => row !== undefined);
}

function mirrors(bridge: string, { mirrors: all }: Bridge, node: InventoryNode): Row[] {
  return Object.entries(all)
    .filter(([, { nodes }]) => nodes === undefined || nodes.includes(node.name))
    .map(([name, { all: every, from, to, vlans, outputPort, outputVlan, snapLength }]) => ({
      table: "mirror",
      name,
      bridge,
      ...(every && { select_all: true }),
      ...(from.length > 0 && { select_src_port: from }),
      ...(to.length > 0 && { select_dst_port: to }),
      ...(vlans.length > 0 && { select_vlan: vlans }),
      ...(outputPort && { output_port: outputPort }),
      ...(outputVlan !== undefined && { output_vlan: outputVlan }),
      ...(snapLength !== undefined && { snaplen: snapLength }),
    }));
}
