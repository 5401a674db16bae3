import { Cidr, IpAddress } from "../addresses/cidr";
import { vxlanOverhead } from "../addresses/mtu";
import type { Facts } from "./facts";
import type { Attributes, Item } from "./item";
import { openvswitchProblems } from "./ovsdb/problems";
import type { NodeStateDocument } from "./state";

/** Why this node cannot carry the state, or would be cut off or cut others off by it: found before anything is done. */
export function problemsOf(state: NodeStateDocument, items: Item[], facts: Facts, owned: Map<string, Item>): string[] {
  return [
    ...missingTools(state, items, facts),
    ...openvswitchProblems(items, facts, owned),
    ...unreachableNextHops(items, facts),
    ...notSpare(state, facts),
    ...forwardingDropped(state, facts),
    ...advertisedRoutesLost(state, items, facts),
    ...tooLarge(state, facts),
    ...tooLargeForNextHops(state, items, facts),
  ];
}

function missingTools(state: NodeStateDocument, items: Item[], facts: Facts): string[] {
  const fetches = state.artifacts.some(({ path, url, sha256 }) => url && facts.paths.get(path)?.sha256 !== sha256);
  const needed: [string, boolean, string][] = [
    ["ip", true, "iproute2"],
    ["sha256sum", true, "coreutils"],
    ["nft", state.nftables.length > 0, "nftables"],
    ["modprobe", items.some(({ kind, key }) => kind === "module" && !facts.modules.has(key)), "kmod"],
    ["systemctl", state.units.length > 0, "systemd"],
    ["ovs-vsctl", state.openvswitch.length > 0, "openvswitch-switch"],
    // Where systemd holds the undo, it is part of what is always there.
    ["setsid", !facts.tools.has("systemd-run"), "util-linux"],
    ["curl", fetches && !facts.tools.has("wget"), "curl or wget, or give the artifacts by localPath"],
    ["timeout", fetches, "coreutils"],
    ["bridge", state.links.some((link) => link.type === "vxlan"), "iproute2"],
  ];
  return needed
    .filter(([tool, wanted]) => wanted && !facts.tools.has(tool))
    .map(([tool, , from]) => `the node lacks the program ${tool}: install ${from}`);
}

/** A device that a daemon takes for itself carries nothing any more that the node lives by. */
function notSpare({ links }: NodeStateDocument, facts: Facts): string[] {
  return links.flatMap((link) => {
    if (link.type !== "device" || !link.spare) return [];
    if (!facts.links.has(link.name)) {
      const nics = [...facts.links.values()].filter(({ type, name }) => type === "" && name !== "lo");
      return [`there is no device ${link.name} to give away; the node has ${nics.map(({ name }) => name).join(", ")}`];
    }
    const carried = [
      ...facts.addresses.filter(({ device, scope }) => device === link.name && scope === "global"),
      ...facts.routes.filter(({ device, protocol }) => device === link.name && protocol !== "kernel"),
    ].map((one) => ("address" in one ? one.address : `the route to ${one.to}`));
    if (carried.length === 0) return [];
    return [
      `${link.name} carries ${carried.join(", ")}: whatever takes it for itself cuts the node off from there. ` +
        "Name another NIC, or move what it carries to one first",
    ];
  });
}

/** A next hop that no subnet of the node reaches would be refused by the kernel half-way: it is refused here. */
function unreachableNextHops(items: Item[], facts: Facts): string[] {
  const connected = [
    ...facts.addresses.map((entry) => entry.address),
    ...items.filter(({ kind, value }) => kind === "address" && value).map(({ key }) => key.split(" ")[1] ?? ""),
    // A route by several next hops has neither: it leads to routers, and puts nothing on the link.
    ...facts.routes.filter(({ via, device }) => via === null && device !== null).map((entry) => entry.to),
  ].map(Cidr.around);
  const isReached = (address: IpAddress) => connected.some((subnet) => subnet.contains(address));
  const bad = items.filter(
    ({ kind, value }) =>
      kind === "route" && value?.via && !value.onlink && !isReached(IpAddress.parse(String(value.via))),
  );
  const own = [...new Set(facts.addresses.filter(({ scope }) => scope === "global").map(({ address }) => address))];
  return [...Map.groupBy(bad, ({ value }) => String(value?.via))].map(
    ([via, routes]) =>
      `next hop ${via} (for ${routes.length} route${routes.length > 1 ? "s" : ""}, ${routes[0]?.key.split(" ")[0]}) is not on-link: ` +
      `the node has ${own.join(", ")}. Use a router of the node's own segment, or vxlan between segments`,
  );
}

/** An accept in our chain cannot overrule a drop in another one: such a chain is named, not fought. */
function forwardingDropped(state: NodeStateDocument, facts: Facts): string[] {
  if (!state.iptables.some(({ chain }) => chain === "FORWARD")) return [];
  const reached = (key: string) =>
    (key === "ip filter FORWARD" && facts.tools.has("iptables")) ||
    (key === "ip6 filter FORWARD" && facts.tools.has("ip6tables"));
  return facts.dropsForward
    .filter((key) => !reached(key))
    .map(
      (key) =>
        `the nftables chain "${key}" drops what it does not accept, pod traffic too: accept the pod CIDRs in it, and let its ` +
        "last rule drop the rest in place of its policy (policy accept)",
    );
}

/** IPv6 forwarding ends what the kernel learned by router advertisements, unless accept_ra says 2. */
function advertisedRoutesLost({ uplinks }: NodeStateDocument, items: Item[], facts: Facts): string[] {
  const sysctl = (key: string) => items.find((item) => item.kind === "sysctl" && item.key === key)?.value?.value;
  if (sysctl("net/ipv6/conf/all/forwarding") !== "1") return [];
  const ports: (string | null)[] = uplinks.map(({ device }) => device);
  return facts.routes
    .filter(({ to, protocol, device }) => to === "::/0" && protocol === "ra" && !ports.includes(device))
    .map(({ device }) => `net/ipv6/conf/${device}/accept_ra`)
    .filter((key) => (sysctl(key) ?? facts.sysctls.get(key)) === "1")
    .map(
      (key) =>
        `the default route that ${key.split("/")[3]} learned by router advertisements would end with IPv6 forwarding: ` +
        "set routerAdvertisements: true (accept_ra = 2), or give the node a static default route",
    );
}

/** What the inventory says of a NIC is believed in the plan; the NIC itself has the last word. */
function tooLarge(state: NodeStateDocument, facts: Facts): string[] {
  const holder = (address: string) =>
    facts.links.get(facts.addresses.find((entry) => entry.address.split("/")[0] === address)?.device ?? "");
  return state.links.flatMap((link) => {
    if (link.mtu === undefined) return [];
    const uplink = state.uplinks.find(({ bridge }) => bridge === link.name);
    const nic = uplink
      ? facts.links.get(uplink.device)
      : link.type === "vxlan"
        ? holder(String(IpAddress.parse(link.local)))
        : undefined;
    const overhead = link.type === "vxlan" ? vxlanOverhead[link.local.includes(":") ? "ipv6" : "ipv4"] : 0;
    const fits = !nic || (uplink ? nic.mtu === link.mtu : link.mtu + overhead <= nic.mtu);
    if (fits) return [];
    const needs = overhead ? `${link.mtu} and ${overhead} of the tunnel` : String(link.mtu);
    return [
      `${link.name} is to have an MTU of ${needs}, and ${nic.name} has ${nic.mtu}: say mtu: ${nic.mtu} of the node in the inventory`,
    ];
  });
}

/** Pods' packets to other nodes leave by the NIC that reaches the next hops. */
function tooLargeForNextHops({ links, uplinks }: NodeStateDocument, items: Item[], facts: Facts): string[] {
  const bridges = links.filter(({ type, name }) => type === "bridge" && !uplinks.some(({ bridge }) => bridge === name));
  const largest = Math.max(...bridges.map(({ mtu = 0 }) => mtu), 0);
  const own = new Set(links.map(({ name }) => name));
  const subnets = facts.addresses.map(({ address, device }) => ({ device, subnet: Cidr.around(address) }));
  const through = ({ via, device }: Attributes) =>
    device ?? subnets.find(({ subnet }) => subnet.contains(IpAddress.parse(String(via))))?.device;
  const hops = items.flatMap(({ kind, value }) => (kind === "route" && value?.via ? [value] : []));
  return [...new Set(hops.map((hop) => String(through(hop))))]
    .flatMap((name) => (own.has(name) ? [] : (facts.links.get(name) ?? [])))
    .filter(({ mtu }) => mtu < largest)
    .map(
      ({ name, mtu }) =>
        `pods are to send packets of ${largest} bytes, and ${name}, by which they leave the node, has an MTU of ${mtu}: say mtu: ${mtu} of the node in the inventory`,
    );
}
