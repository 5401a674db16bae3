import { Cidr } from "../addresses/cidr";
import type { InventoryNode } from "../inventory";
import { type LinenSettings, type Part, peersOf } from "./complete";

/** The CNI configuration of one node: the bridge plugin with the node's own addresses, and linen where it has the tunnels. */
export function conflist(settings: LinenSettings, node: InventoryNode, part: Part): string {
  const { cni, name, tunnelsBy } = settings;
  const plugins = [bridgePlugin(settings, part), ...(tunnelsBy === "linen" ? [linenPlugin(settings, node)] : [])];
  const text = plugins.map((plugin) => JSON.stringify(plugin)).join(",\n");
  return `{"cniVersion":${JSON.stringify(cni.version)},"name":${JSON.stringify(name)},"plugins":[\n${text}\n]}\n`;
}

/**
 * All nodes' pods are of one subnet, of which each node gives away a part. Upstream says isDefaultGateway and a default
 * route, which today's plugin would add twice, and fails.
 */
function bridgePlugin({ bridge, mtu, hairpin, podCidr }: LinenSettings, { gateway, start, end }: Part) {
  return {
    type: "bridge",
    bridge,
    isGateway: true,
    forceAddress: false,
    // A rule of the network's own does it: the plugin leaves its table, and chains of pods that ended without it.
    ipMasq: false,
    mtu,
    hairpinMode: hairpin,
    ipam: {
      type: "host-local",
      subnet: String(Cidr.parse(podCidr[0] as string)),
      rangeStart: String(start),
      rangeEnd: String(end),
      gateway: String(gateway),
      routes: [{ dst: "0.0.0.0/0" }],
    },
  };
}

/** linen reads what it is told under a key that runtimes keep for themselves; libcni leaves it, as no capability is said. */
function linenPlugin(settings: LinenSettings, node: InventoryNode) {
  const { ovsBridge, controller, topology } = settings;
  const isMaster = topology.type === "star" && topology.hub === node.name;
  return {
    type: "linen",
    runtimeConfig: {
      ovs: {
        isMaster,
        ovsBridge,
        vtepIPs: peersOf(settings, node),
        ...(controller && { controller: controller.replace(/^\w+:/, "") }),
      },
    },
  };
}
