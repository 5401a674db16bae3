import { Cidr, type Family } from "../addresses/cidr";
import { addressOf, families } from "../addresses/families";
import type { Subnets } from "../addresses/plan";
import type { InventoryNode } from "../inventory";
import { macOf } from "../network-nodes/mac";
import type { NodeStateInput } from "../node/state";
import { type BridgeSettings, tunnelFamily } from "./complete";
import { conflist } from "./conflist";
import { hostFiles } from "./host-files";
import { planRoutes, type RoutePlan, routesOf } from "./routes";

/** What the network wants of each node, by node. */
export function hosts(settings: BridgeSettings, subnets: Subnets): Record<string, NodeStateInput> {
  const ways = { plan: planRoutes(settings, subnets), tunnel: tunnelFamily(settings) };
  return Object.fromEntries(
    settings.nodes.nodes.map((node) => [node.name, host(settings, node, subnets[node.name] ?? [], ways)]),
  );
}

/** How packets get to other nodes' pods, worked out once for all nodes. */
interface Ways {
  plan: RoutePlan;
  /** The family that tunnels run over, when there are any. */
  tunnel: Family | undefined;
}

function host(settings: BridgeSettings, node: InventoryNode, own: readonly string[], ways: Ways): NodeStateInput {
  const modules = ["bridge", "br_netfilter", ...(ways.tunnel ? ["vxlan"] : [])];
  const sysctls = sysctlsOf(settings, node);
  const shape = settings.shape === "routed" ? routed(settings, node, own, ways) : flat(settings, node);
  const { files, directories } = hostFiles(settings, { modules, sysctls, conflist: conflist(settings, node, own) });
  return {
    modules,
    sysctls,
    directories,
    files,
    ...shape,
    iptables: forwarding(settings),
    artifacts: Object.entries(settings.cni.artifacts).map(([name, artifact]) => ({
      path: `${settings.cni.binaries}/${name}`,
      ...artifact,
    })),
  };
}

function routed(
  settings: BridgeSettings,
  node: InventoryNode,
  own: readonly string[],
  { plan, tunnel }: Ways,
): NodeStateInput {
  const { bridge, mtu, vxlan } = settings;
  const subnets = own.map((text) => Cidr.parse(text));
  const links: NonNullable<NodeStateInput["links"]> = [
    { type: "bridge", name: bridge, mtu, mac: macOf(settings.name, node.name, bridge) },
  ];
  const addresses = subnets.map((subnet) => ({ device: bridge, address: `${subnet.address(1)}/${subnet.prefix}` }));
  if (tunnel) {
    const local = addressOf(node.addresses, tunnel) as string;
    const { name, vni, port } = vxlan;
    const mac = macOf(settings.name, node.name, name);
    links.push({ type: "vxlan", name, mtu, vni, port, local, mac, peers: plan[node.segment]?.peers ?? [] });
    for (const subnet of subnets) addresses.push({ device: name, address: String(Cidr.host(subnet.address(0))) });
  }
  const routes = routesOf(plan, node.segment, own, node.nic);
  return { links, addresses, routes, nftables: masquerade(settings, own) };
}

function flat(settings: BridgeSettings, node: InventoryNode): NodeStateInput {
  const nic = node.nic as string;
  const { bridge, flat: source, name, cni } = settings;
  const addresses = families(settings.podCidr).flatMap((family) => addressOf(node.addresses, family) ?? []);
  return {
    // What the node itself sends is as large as before; pods keep to what every node's NIC carries.
    links: [{ type: "bridge", name: bridge, mtu: node.mtu, macFrom: nic }],
    uplinks: [{ device: nic, bridge, addresses }],
    units:
      source.ipam === "dhcp" ? [{ name: `podnet-${name}-dhcp.service`, content: dhcpUnit(name, cni.binaries) }] : [],
  };
}

function sysctlsOf({ podCidr, routerAdvertisements }: BridgeSettings, { nic }: InventoryNode): Record<string, string> {
  const six = families(podCidr).includes("ipv6");
  return {
    "net.ipv4.ip_forward": "1",
    "net.bridge.bridge-nf-call-iptables": "1",
    ...(six && { "net.ipv6.conf.all.forwarding": "1", "net.bridge.bridge-nf-call-ip6tables": "1" }),
    ...(six && routerAdvertisements && nic && { [`net/ipv6/conf/${nic}/accept_ra`]: "2" }),
  };
}

/**
 * Accepted whatever the policy of FORWARD is: Docker and ufw set it to DROP. What stays on the bridge passes it too
 * (bridge-nf-call), with addresses that are no pod's: neighbour discovery by link-local addresses, DHCP from 0.0.0.0.
 */
function forwarding({ podCidr, bridge }: BridgeSettings): NodeStateInput["iptables"] {
  return podCidr.flatMap((cidr) =>
    [
      ["-i", bridge, "-o", bridge],
      ["-s", cidr],
      ["-d", cidr],
    ].map((match) => ({
      // Every node's state has these rules, without what is the default.
      ...(Cidr.parse(cidr).family === "ipv6" && { family: "ipv6" as const }),
      chain: "FORWARD",
      rule: [...match, "-j", "ACCEPT"],
    })),
  );
}

/** One rule for each family: what leaves the cluster takes the node's address; pod to pod never does. */
function masquerade(
  { name, podCidr, masquerade: wanted }: BridgeSettings,
  own: readonly string[],
): NodeStateInput["nftables"] {
  return own.flatMap((subnet, index) => {
    const { family } = Cidr.parse(subnet);
    if (!wanted[family]) return [];
    const table = family === "ipv4" ? "ip" : "ip6";
    const multicast = family === "ipv4" ? "224.0.0.0/4" : "ff00::/8";
    const inside = widest(
      [podCidr[index] as string, ...wanted.except, multicast].map((text) => Cidr.parse(text)),
      family,
    );
    const ruleset = [
      "  chain postrouting {",
      "    type nat hook postrouting priority srcnat; policy accept;",
      `    ${table} saddr ${subnet} ${table} daddr != { ${inside.join(", ")} } masquerade`,
      "  }",
    ].join("\n");
    return [{ family: table, table: `podnet-${name}`, ruleset }];
  });
}

/** The ranges of a family that no other holds: nft refuses a set whose elements overlap. */
function widest(ranges: Cidr[], family: Family): string[] {
  const own = [...new Set(ranges.filter((one) => one.family === family).map(String))].map((text) => Cidr.parse(text));
  return own.filter((one) => !own.some((other) => other !== one && other.contains(one))).map(String);
}

function dhcpUnit(name: string, binaries: string): string {
  return `[Unit]
Description=DHCP leases for pods of ${name} (podnet)
After=network.target

[Service]
ExecStartPre=/bin/rm -f /run/cni/dhcp.sock
ExecStart=${binaries}/dhcp daemon
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;
}
