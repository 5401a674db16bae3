import { IpAddress } from "../addresses/cidr";
import type { AddressFact, Facts } from "./facts";
import type { Item } from "./item";
import { observedRoute, routeKey } from "./kinds/route";

interface Uplink {
  device: string;
  bridge: string;
  addresses: readonly string[];
  /** Open vSwitch's: the state lists the NIC as its port, and the kernel knows no master of it. */
  isOvs: boolean;
}

/**
 * What a NIC's move into a bridge means on this node.
 *
 *     before:  eth0 (198.18.0.11/22, default via 198.18.0.1)
 *     after:   eth0 ── br0 (198.18.0.11/22, default via 198.18.0.1)
 *
 * What moved earlier stays wanted on the bridge, whatever the facts show: the items of the last change say what it was.
 */
export function uplinkItems(
  uplink: Uplink,
  facts: Facts,
  owned: Map<string, Item>,
): { items: Item[]; problems: string[] } {
  const { device, bridge, isOvs } = uplink;
  if (!facts.links.has(device)) {
    const there = [...facts.links.keys()].filter((name) => name !== "lo").join(", ");
    return { items: [], problems: [`uplinks: there is no device ${device}; the node has ${there}`] };
  }
  const moved = [...owned.values()].filter((item) => item.movedWith === device);
  const found = [...addressesOf(device, bridge, facts), ...routesOf(device, bridge, facts)];
  const port: Item = {
    kind: "link",
    key: device,
    value: { ...(isOvs ? {} : { master: bridge }), up: true },
    shared: true,
    movedWith: device,
  };
  return {
    items: [port, ...withoutIpv6(device, facts), ...moved.filter(({ kind }) => kind !== "link"), ...found],
    problems: [
      ...elsewhere(uplink, facts, owned),
      ...problemsOf(device, bridge, facts, isOvs),
      ...advertisedProblems(uplink, facts),
      ...severalHops(device, facts),
    ],
  };
}

/**
 * A port receives no router advertisements. What the NIC learned from earlier ones, an address and its subnet, would
 * stand beside the bridge's until it expires, and take packets that the NIC gets no answer to.
 */
function withoutIpv6(device: string, facts: Facts): Item[] {
  const key = `net/ipv6/conf/${device}/disable_ipv6`;
  return facts.sysctls.has(key) ? [{ ...shared(device), kind: "sysctl", key, value: { value: "1" } }] : [];
}

function addressesOf(device: string, bridge: string, facts: Facts): Item[] {
  return movable(device, facts).flatMap(({ address, scope, broadcast }) => [
    { ...shared(device), kind: "address" as const, key: `${bridge} ${address}`, value: { scope, broadcast } },
    { ...shared(device), kind: "address" as const, key: `${device} ${address}`, value: null },
  ]);
}

/**
 * A lease or an advertised address is not ours to move. A host address beside the NIC's own subnet is a virtual
 * one (keepalived, kube-vip): who put it there moves it.
 */
function movable(device: string, facts: Facts): AddressFact[] {
  const own = facts.addresses.filter((entry) => entry.device === device && entry.scope === "global" && !entry.dynamic);
  return own.filter(
    (entry) => !isHost(entry) || own.every((other) => familyOf(other) !== familyOf(entry) || isHost(other)),
  );
}

const isHost = ({ address }: AddressFact) => /\/32$|:.*\/128$/.test(address);
const familyOf = ({ address }: AddressFact) => (address.includes(":") ? "ipv6" : "ipv4");

/** What routing daemons and advertisements make they make again on the bridge; the kernel's go with the addresses. */
const remade = new Set("kernel ra redirect bgp bird zebra ospf isis rip eigrp babel openr keepalived".split(" "));

function routesOf(device: string, bridge: string, facts: Facts): Item[] {
  return facts.routes
    .filter((entry) => entry.device === device && !remade.has(entry.protocol))
    .map((entry) => ({
      ...shared(device),
      kind: "route" as const,
      key: routeKey(entry.to, entry.table, entry.metric),
      value: { ...observedRoute(entry), device: bridge },
    }));
}

function shared(device: string): { shared: true; movedWith: string } {
  return { shared: true, movedWith: device };
}

/** The wrong one of several NICs would move without harm to this connection, and the pods' network be another. */
function elsewhere({ device, bridge, addresses }: Uplink, facts: Facts, owned: Map<string, Item>): string[] {
  // What another NIC brought to the bridge goes back to that NIC.
  const holderOf = (entry: AddressFact) =>
    (entry.device === bridge && owned.get(`address ${bridge} ${entry.address}`)?.movedWith) || entry.device;
  return addresses.flatMap((address) => {
    const printed = String(IpAddress.parse(address));
    const holders = facts.addresses.filter((entry) => entry.address.split("/")[0] === printed).map(holderOf);
    const [holder] = holders;
    if (!holder || holders.some((one) => one === device || one === bridge)) return [];
    return [`uplinks: ${address} is on ${holder}, not on ${device}: name the NIC that carries it`];
  });
}

/** The CNI bridge plugin sets accept_ra to 0 on its bridge with every pod (its bridge.go, ensureBridge). */
function advertisedProblems({ device, addresses }: Uplink, facts: Facts): string[] {
  const way = `a bridge of pods receives none: give the node a static IPv6 address and default route first`;
  const learned = facts.addresses.filter(
    (entry) => entry.device === device && entry.dynamic && addresses.includes(entry.address.split("/")[0] as string),
  );
  const router = facts.routes.find(
    ({ to, protocol, device: through }) => to === "::/0" && protocol === "ra" && through === device,
  );
  return [
    ...learned
      .filter(({ address }) => address.includes(":"))
      .map(({ address }) => `uplinks: ${address} on ${device} comes from router advertisements, and ${way}`),
    ...(router ? [`uplinks: the IPv6 default route of ${device} comes from router advertisements, and ${way}`] : []),
  ];
}

/** Such a route goes with the NIC's address, and podnet can neither move it nor put it back. */
function severalHops(device: string, facts: Facts): string[] {
  return facts.routes
    .filter(({ devices, protocol }) => devices?.includes(device) && !remade.has(protocol))
    .map(
      ({ to }) =>
        `uplinks: the route to ${to} by ${device} has several next hops, which cannot move to a bridge: give it one next hop first`,
    );
}

/** It would give the NIC its address back, and two devices of one node would have it. */
function managerProblem(manager: string, device: string): string {
  return manager === "NetworkManager"
    ? `uplinks: NetworkManager manages ${device} and would take it back; set it unmanaged (unmanaged-devices=interface-name:${device}) and give it its address by other means first`
    : `uplinks: ${manager} manages ${device} and would give it its address back; set Unmanaged=yes for it and give it its address by other means, or let its configuration (netplan) make the bridge`;
}

function problemsOf(device: string, bridge: string, facts: Facts, isOvs: boolean): string[] {
  const leases = facts.addresses.filter(
    (entry) => entry.device === device && entry.scope === "global" && entry.dynamic,
  );
  const problems = leases
    .filter(({ address }) => !address.includes(":"))
    .map(
      ({ address }) =>
        `uplinks: ${address} on ${device} is a lease (DHCP); a lease cannot move to a bridge: give the node a static address first`,
    );
  const manager = facts.managed.get(device);
  if (manager) problems.push(managerProblem(manager, device));
  const master = facts.links.get(device)?.master;
  if (master && master !== bridge && !(isOvs && master === "ovs-system"))
    problems.push(
      `uplinks: ${device} is a port of ${master} already; take it out there, or use ${master} as the bridge`,
    );
  const host = facts.addresses.find(
    (entry) => entry.device === device && (entry.peer || (entry.scope === "global" && isHost(entry))),
  );
  if (host && movable(device, facts).includes(host))
    problems.push(
      `uplinks: ${host.address} on ${device} is a host or point-to-point address, which has no network that a bridge could stand in`,
    );
  return problems;
}
