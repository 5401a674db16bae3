import { IpAddress } from "../addresses/cidr";
import type { InventoryNode } from "../inventory";
import { nodesOf, type OpenVSwitchSettings } from "./complete";
import { overheadOf } from "./protocols";
import type { Bridge } from "./settings";
import { endpointOf } from "./tunnels";

/**
 * Bytes of the largest packet that a bridge's own device may send. A bridge with the node's NIC has the NIC's; one with
 * tunnels what they leave of the smallest NIC of its nodes, since any of them may receive it. Otherwise Open vSwitch
 * takes the smallest of the bridge's ports.
 */
export function bridgeMtu(settings: OpenVSwitchSettings, bridge: Bridge, node: InventoryNode): number | undefined {
  if (bridge.mtu !== undefined) return bridge.mtu;
  const nodes = nodesOf(settings, bridge);
  const groups = Object.values(bridge.tunnels).filter(() => nodes.length > 1);
  if (groups.length === 0) return bridge.uplink ? node.mtu : undefined;
  const taken = groups.map(
    (group) =>
      overheadOf(group, IpAddress.parse(endpointOf(settings, group, nodes[0] as InventoryNode)).family) +
      (carriesTags(bridge, group) ? vlanTag : 0),
  );
  return Math.min(...nodes.map(({ mtu }) => mtu)) - Math.max(...taken);
}

/** Bytes of a frame's VLAN (IEEE 802.1Q). */
const vlanTag = 4;

/** Frames of VLANs go through a tunnel with their tags, unless its ports are of one VLAN themselves. */
function carriesTags({ tag, ports }: Bridge, { vlanMode, tag: only, trunks }: Bridge["tunnels"][string]): boolean {
  if (vlanMode === "access" || (vlanMode === undefined && only !== undefined)) return false;
  return [{ tag, trunks }, ...Object.values(ports)].some((one) => (one.tag ?? 0) > 0 || one.trunks.length > 0);
}
