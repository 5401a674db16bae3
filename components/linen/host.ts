import { Cidr } from "../addresses/cidr";
import type { Subnets } from "../addresses/plan";
import type { InventoryNode } from "../inventory";
import { bootFiles, foldersOf } from "../network-nodes/host-files";
import { macOf } from "../network-nodes/mac";
import type { NodeStateInput } from "../node/state";
import { endpointOf, type LinenSettings, type Part, partOf, peersOf } from "./complete";
import { conflist } from "./conflist";

/** What the network wants of each node, by node. */
export function hosts(settings: LinenSettings, subnets: Subnets): Record<string, NodeStateInput> {
  return Object.fromEntries(
    settings.nodes.nodes.map((node) => [node.name, host(settings, node, partOf(settings, subnets, node.name) as Part)]),
  );
}

function host(settings: LinenSettings, node: InventoryNode, part: Part): NodeStateInput {
  const { name, bridge, ovsBridge, mtu, podCidr, cni } = settings;
  const modules = ["bridge", "br_netfilter"];
  const sysctls = { "net.ipv4.ip_forward": "1", "net.bridge.bridge-nf-call-iptables": "1" };
  const leases = `/var/lib/cni/networks/${name}`;
  const files = [
    ...bootFiles(name, modules, sysctls),
    { path: `${cni.directory}/${cni.fileName}`, content: conflist(settings, node, part) },
  ];
  const artifacts = Object.entries(cni.artifacts).map(([plugin, one]) => ({
    path: `${cni.binaries}/${plugin}`,
    ...one,
  }));
  const folders = [...new Set([...files, ...artifacts, { path: leases }].flatMap(({ path }) => foldersOf(path)))];
  return {
    modules,
    sysctls,
    // host-local's leases mean nothing once the network is gone.
    directories: [...folders.map((path) => ({ path })), { path: leases, purge: true }],
    files,
    artifacts,
    openvswitch: rows(settings, node),
    links: [
      { type: "bridge", name: bridge, mtu, mac: macOf(name, node.name, bridge) },
      { type: "device", name: ovsBridge, master: bridge },
    ],
    addresses: [{ device: bridge, address: `${part.gateway}/${Cidr.parse(podCidr[0] as string).prefix}` }],
    nftables: settings.masquerade ? [masquerade(settings)] : [],
    iptables: [
      ["-i", bridge, "-o", bridge],
      ["-s", podCidr[0] as string],
      ["-d", podCidr[0] as string],
    ].map((match) => ({
      chain: "FORWARD",
      rule: [...match, "-j", "ACCEPT"],
    })),
  };
}

/** What leaves the pods' network takes the node's address; pod to pod never does. */
function masquerade({ name, podCidr: [pods] }: LinenSettings): NonNullable<NodeStateInput["nftables"]>[number] {
  const ruleset = [
    "  chain postrouting {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    `    ip saddr ${pods} ip daddr != { ${pods}, 224.0.0.0/4 } masquerade`,
    "  }",
  ].join("\n");
  return { family: "ip", table: `podnet-${name}`, ruleset };
}

type Row = NonNullable<NodeStateInput["openvswitch"]>[number];

/** OpenFlow 1.0 to 1.3 are what upstream's controllers speak. */
const protocols = ["OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13"];

function rows(settings: LinenSettings, node: InventoryNode): Row[] {
  const { ovsBridge: name, mtu, datapath, topology, controller, tunnelsBy } = settings;
  const tree = topology.type === "mesh" ? topology.spanningTree : "none";
  const tunnels = tunnelsBy === "podnet" ? peersOf(settings, node) : [];
  return [
    {
      table: "bridge",
      name,
      datapath_type: datapath,
      protocols,
      fail_mode: "standalone",
      ...(tree === "stp" && { stp_enable: true }),
      ...(tree === "rstp" && { rstp_enable: true }),
    },
    { table: "port", name, bridge: name },
    { table: "interface", name, type: "internal", mtu_request: mtu },
    ...tunnels.flatMap((remote) => tunnel(name, endpointOf(settings, node) as string, remote)),
    ...(controller ? [{ table: "controller", name, targets: [controller] } satisfies Row] : []),
  ];
}

/** Named by the other end; a device's name has no room for an address as upstream writes it. */
function tunnel(bridge: string, local: string, remote: string): Row[] {
  const digits = remote.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  const name = `vxif-${digits.join("")}`;
  const options = { remote_ip: remote, local_ip: local, dst_port: "4789" };
  return [
    { table: "port", name, bridge },
    { table: "interface", name, type: "vxlan", options },
  ];
}
