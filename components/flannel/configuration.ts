import { Cidr } from "../addresses/cidr";
import { families } from "../addresses/families";
import { kindOf } from "./backends";
import type { FlannelSettings } from "./complete";

/**
 * flannel's own configuration (net-conf.json, or its key in etcd). The backend's type is always written: without it
 * flannel takes udp, the slowest, whatever its documentation says.
 */
export function netConf(settings: FlannelSettings, psk?: string): string {
  const { podCidr, netfilter, backend, underlayMtu } = settings;
  const [ipv4, ipv6] = (["ipv4", "ipv6"] as const).map((family) => rangeOf(settings, family));
  const kind = kindOf(backend);
  const configuration = {
    EnableIPv4: ipv4 !== undefined,
    ...(ipv4 && { Network: ipv4.network, ...(ipv4.leased && { SubnetLen: ipv4.length, SubnetMin: ipv4.first }) }),
    EnableIPv6: ipv6 !== undefined,
    ...(ipv6 && {
      IPv6Network: ipv6.network,
      ...(ipv6.leased && { IPv6SubnetLen: ipv6.length, IPv6SubnetMin: ipv6.first }),
    }),
    EnableNFTables: netfilter === "nftables",
    Backend: {
      Type: kind.flannelType,
      ...kind.configuration(backend, { families: families(podCidr), underlayMtu, psk }),
    },
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

/**
 * A range as flannel wants it. How it is divided only counts where flanneld takes subnets from it, in etcd; there it
 * would skip the first subnet, which podnet's plan gives to a node.
 */
function rangeOf({ mode, podCidr, nodePrefix, allocation }: FlannelSettings, family: "ipv4" | "ipv6") {
  const range = podCidr.map((text) => Cidr.parse(text)).find((one) => one.family === family);
  if (!range) return undefined;
  const length = nodePrefix[family] as number;
  const first = range.subnet(allocation === "podnet" ? 0 : 1, length).address(0);
  return { network: String(range), length, first: String(first), leased: mode === "etcd" };
}

/** The CNI configuration of all nodes: the flannel plugin, which hands on to the bridge plugin, and portmap. */
export function conflist(settings: FlannelSettings): string {
  const { cni, mtu, hairpin, portMappings, etcd } = settings;
  const delegate = {
    ...(hairpin && { hairpinMode: true }),
    isDefaultGateway: true,
    // One MTU for all pods: of itself the plugin takes what flanneld found on this node.
    ...(mtu !== undefined && { mtu }),
  };
  const plugins = [
    { type: "flannel", ...(etcd && { subnetFile: etcd.subnetFile }), delegate },
    ...(portMappings ? [{ type: "portmap", capabilities: { portMappings: true } }] : []),
  ];
  return `${JSON.stringify({ cniVersion: cni.version, name: cni.name, plugins }, null, 2)}\n`;
}
