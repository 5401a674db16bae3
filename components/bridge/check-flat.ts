import { Cidr, compare, IpAddress } from "../addresses/cidr";
import { addressOf, families } from "../addresses/families";
import type { Problem } from "../addresses/problem";
import { type BridgeSettings, segmentsInUse } from "./complete";

/** What a flat network needs: one physical network, a NIC to move, and addresses that are nobody else's. */
export function flatProblems(settings: BridgeSettings): Problem[] {
  const { flat, nodes, podCidr, routerAdvertisements } = settings;
  const segments = segmentsInUse(settings);
  const networks = podCidr.map((text) => Cidr.parse(text));
  const unnamed = nodes.nodes.filter(({ nic }) => nic === undefined);
  const outside = nodes.nodes.flatMap(({ name, addresses }) =>
    addresses
      .map((text) => IpAddress.parse(text))
      .filter(
        (one) => networks.some(({ family }) => family === one.family) && !networks.some((net) => net.contains(one)),
      )
      .map((address) => ({
        path: `nodes.${name}.addresses`,
        value: String(address),
        rule: `${name}'s address ${address} is not in podCidr ${podCidr.join(", ")}, the physical network of a flat shape`,
        fix: "podCidr is the network that nodes and pods share",
      })),
  );
  return [
    ...(segments.length > 1
      ? [
          {
            path: "shape",
            rule: `a flat network is one segment, and the nodes are in ${segments.join(", ")}`,
            fix: 'say shape: "routed", or make a network for each segment',
          },
        ]
      : []),
    ...unnamed.map(({ name }) => ({
      path: `nodes.${name}.nic`,
      rule: `the NIC of ${name} that moves into the bridge is not named`,
      fix: `say nodes.${name}.nic`,
    })),
    ...outside,
    ...(routerAdvertisements
      ? [
          {
            path: "routerAdvertisements",
            rule: "routerAdvertisements is on, and the CNI plugin keeps a flat network's bridge from receiving any",
            fix: "leave it out, and give the nodes a static IPv6 default route",
          },
        ]
      : []),
    ...(flat.ipam === "dhcp" ? dhcpProblems(settings) : [...gatewayProblems(settings), ...sourceProblems(settings)]),
  ];
}

function dhcpProblems({ flat, podCidr }: BridgeSettings): Problem[] {
  const unused = Object.entries({ gateway: flat.gateway, pool: flat.pool, ranges: Object.keys(flat.ranges) });
  return [
    ...unused
      .filter(([, value]) => value.length > 0)
      .map(([field]) => ({
        path: `flat.${field}`,
        rule: `the DHCP server decides, and flat.${field} is set`,
        fix: "leave it out",
      })),
    ...(families(podCidr).includes("ipv6")
      ? [
          {
            path: "podCidr",
            rule: "the CNI dhcp plugin speaks IPv4 only",
            fix: 'leave IPv6 out, or take flat.ipam "host-local"',
          },
        ]
      : []),
  ];
}

function gatewayProblems({ flat, podCidr }: BridgeSettings): Problem[] {
  const missing = podCidr.filter((text) => !addressOf(flat.gateway, Cidr.parse(text).family));
  const outside = flat.gateway.filter(
    (one) => !podCidr.some((text) => Cidr.parse(text).contains(IpAddress.parse(one))),
  );
  return [
    ...missing.map((text) => ({
      path: "flat.gateway",
      rule: `pods in ${text} have no default gateway`,
      fix: "name the physical network's router",
    })),
    ...outside.map((one) => ({ path: "flat.gateway", value: one, rule: `the gateway ${one} is not in podCidr` })),
  ];
}

interface Claim {
  node: string;
  path: string;
  start: IpAddress;
  end: IpAddress;
}

/** Pods' addresses come from `pool` or from `ranges`, lie in the physical network, and are nobody's yet. */
function sourceProblems(settings: BridgeSettings): Problem[] {
  const { flat, podCidr, nodes } = settings;
  const names = nodes.nodes.map(({ name }) => name);
  const given = Object.keys(flat.ranges);
  if (flat.pool.length > 0 === given.length > 0)
    return [
      {
        path: "flat",
        rule: `give ${flat.pool.length > 0 ? "one of" : "either"} flat.pool and flat.ranges: where pods' addresses come from`,
        fix: "flat.pool is split among the nodes; flat.ranges says each node's own",
      },
    ];
  const claims: Claim[] = [
    ...flat.pool.map((text) => {
      const pool = Cidr.parse(text);
      return { node: "flat.pool", path: "flat.pool", start: pool.address(0), end: pool.last };
    }),
    ...Object.entries(flat.ranges).flatMap(([node, ranges]) =>
      ranges.map(({ start, end }) => ({
        node,
        path: `flat.ranges.${node}`,
        start: IpAddress.parse(start),
        end: IpAddress.parse(end),
      })),
    ),
  ];
  return [
    ...given
      .filter((name) => !names.includes(name))
      .map((name) => ({
        path: `flat.ranges.${name}`,
        rule: `there is no node ${name}`,
        fix: `nodes are: ${names.join(", ")}`,
      })),
    ...(given.length > 0 ? names.filter((name) => !given.includes(name)) : []).map((name) => ({
      path: "flat.ranges",
      rule: `${name} has no range`,
      fix: `say flat.ranges.${name}`,
    })),
    ...missingFamilies(settings),
    ...claims.flatMap((claim) => placeProblems(claim, podCidr)),
    // The parts of a pool leave them out by themselves.
    ...takenProblems(
      claims.filter(({ path }) => path !== "flat.pool"),
      podCidr.flatMap(reserved),
    ),
    ...takenProblems(claims, [
      ...flat.gateway.map((address) => ({ address, whose: "the gateway's" })),
      ...nodes.nodes.flatMap(({ name, addresses }) =>
        addresses.map((address) => ({ address, whose: `${name}'s own` })),
      ),
    ]),
    ...meetings(claims),
  ];
}

/** A pod gets an address of each family or none at all: host-local refuses a family without a range. */
function missingFamilies({ flat, podCidr, nodes }: BridgeSettings): Problem[] {
  const sources = [
    ...(flat.pool.length > 0 ? [{ path: "flat.pool", whose: "flat.pool", found: families(flat.pool) }] : []),
    ...nodes.nodes.flatMap(({ name }) => {
      const found = flat.ranges[name]?.map(({ start }) => IpAddress.parse(start).family);
      return found ? [{ path: `flat.ranges.${name}`, whose: name, found }] : [];
    }),
  ];
  return sources.flatMap(({ path, whose, found }) =>
    podCidr
      .filter((network) => !found.includes(Cidr.parse(network).family))
      .map((network) => ({
        path,
        rule: `${whose} has no range in ${network}, and no pod starts without an address in each range of podCidr`,
        fix: `add one in ${network}, or leave ${network} out of podCidr`,
      })),
  );
}

/** Addresses that mean the network itself, or all of it. */
function reserved(network: string): { address: string; whose: string }[] {
  const whole = Cidr.parse(network);
  return [
    { address: String(whole.address(0)), whose: "the network's own" },
    ...(whole.family === "ipv4" ? [{ address: String(whole.last), whose: "the network's broadcast" }] : []),
  ];
}

const text = ({ start, end }: Claim) => `${start} to ${end}`;

function placeProblems(claim: Claim, podCidr: string[]): Problem[] {
  const { path, start, end } = claim;
  if (start.family !== end.family || start.value > end.value)
    return [{ path, value: text(claim), rule: `the range ${text(claim)} ends before it begins` }];
  const holds = podCidr.some((one) => Cidr.parse(one).contains(start) && Cidr.parse(one).contains(end));
  return holds
    ? []
    : [{ path, value: text(claim), rule: `the range ${text(claim)} is not in podCidr ${podCidr.join(", ")}` }];
}

function within({ start, end }: Claim, address: IpAddress): boolean {
  return start.family === address.family && start.value <= address.value && address.value <= end.value;
}

function takenProblems(claims: Claim[], taken: { address: string; whose: string }[]): Problem[] {
  return claims.flatMap((claim) =>
    taken
      .filter(({ address }) => within(claim, IpAddress.parse(address)))
      .map(({ address, whose }) => ({
        path: claim.path,
        value: text(claim),
        rule: `the range ${text(claim)} holds ${address}, which is ${whose} address`,
        fix: "pods would be given it too; leave it out of the range",
      })),
  );
}

function meetings(claims: Claim[]): Problem[] {
  const sorted = [...claims].sort((left, right) => compare(left.start, right.start));
  return sorted.slice(1).flatMap((claim, index) => {
    const before = sorted[index] as Claim;
    if (!within(before, claim.start)) return [];
    const rule = `${claim.node}'s range ${text(claim)} meets ${before.node}'s ${text(before)}`;
    return [
      { path: claim.path, value: text(claim), rule, fix: "two pods would have one address; keep the ranges apart" },
    ];
  });
}
