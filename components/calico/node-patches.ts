import { Cidr, IpAddress } from "../addresses/cidr";
import { addressOf, families } from "../addresses/families";
import type { InventoryNode } from "../inventory";
import type { KubernetesObject } from "../kubernetes/object";
import type { CalicoSettings } from "./complete";
import { reflectorLabel } from "./resources";

/** Labels and annotations on a Node that are podnet's alone: they go with it, and nothing else of the Node does. */
function patch(
  name: string,
  metadata: { labels?: Record<string, string>; annotations: Record<string, unknown> },
): KubernetesObject {
  return { apiVersion: "v1", kind: "NodePatch", metadata: { name, ...metadata } as KubernetesObject["metadata"] };
}

/** Calico reads a node's part in BGP from its annotations. */
export function reflectorPatches({ bgp }: CalicoSettings): KubernetesObject[] {
  const { nodes, clusterId } = bgp.routeReflectors ?? { nodes: [], clusterId: "" };
  return nodes.map((name) =>
    patch(name, {
      labels: { [reflectorLabel]: "" },
      annotations: { "projectcalico.org/RouteReflectorClusterID": clusterId },
    }),
  );
}

/**
 * What calico-node would find out and write on its own Node, for nodes where Felix runs alone: the address with the
 * subnet, by which CrossSubnet knows who is near, and the tunnel's address, the first of the node's podCIDR.
 */
export function addressPatch(
  settings: CalicoSettings,
  node: InventoryNode,
  podCidrs: readonly string[],
): KubernetesObject {
  const subnets = (settings.nodes?.segments[node.segment]?.subnets ?? []).map((text) => Cidr.parse(text));
  const annotations = families(settings.podCidr).flatMap((family) => {
    const version = family === "ipv4" ? "IPv4" : "IPv6";
    const address = addressOf(node.addresses, family) as string;
    const subnet = subnets.find((one) => one.contains(IpAddress.parse(address)));
    const own = podCidrs.map((text) => Cidr.parse(text)).find((one) => one.family === family);
    return [
      [`projectcalico.org/${version}Address`, `${address}/${subnet?.prefix ?? (family === "ipv4" ? 32 : 128)}`],
      ...(own ? [[`projectcalico.org/${version}VXLANTunnelAddr`, String(own.address(1))]] : []),
    ];
  });
  return patch(node.name, { annotations: Object.fromEntries(annotations) as Record<string, string> });
}
