import { Cidr } from "../addresses/cidr";
import { families } from "../addresses/families";
import { overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import { type CalicoSettings, nodeCount } from "./complete";
import { isForServices, type Pool, tunnelOf } from "./pools";

/** Prefix lengths that Calico takes for blocks (its validation of IPPool). */
const blockSizes = { ipv4: [20, 32], ipv6: [116, 128] } as const;

/** Clouds that drop IP in IP, and who found out (kops PR 17832; typhoon issue 11). */
const dropsIpip: Record<string, string> = { azure: "Azure", digitalocean: "DigitalOcean" };

export function poolProblems(settings: CalicoSettings): Problem[] {
  const entries = Object.entries(settings.pools);
  const met = overlaps(entries.map(([name, { cidr }]) => ({ name: `pools.${name}`, cidr })));
  return [
    ...entries.flatMap(([name, pool]) => onePool(`pools.${name}`, pool, settings)),
    ...met.map(({ first, second }) => ({
      path: first.name,
      value: first.cidr,
      rule: `${first.name} ${first.cidr} overlaps ${second.name} ${second.cidr}`,
      fix: "give each pool a range of its own",
    })),
    ...familyProblems(settings),
    ...sizeProblems(settings),
  ];
}

function onePool(path: string, pool: Pool, settings: CalicoSettings): Problem[] {
  const cidr = Cidr.parse(pool.cidr);
  const [shortest, longest] = blockSizes[cidr.family];
  const problems: Problem[] = [];
  const forPods = pool.allowedUses.includes("Workload");
  if (forPods && !settings.podCidr.some((text) => Cidr.parse(text).contains(cidr)))
    problems.push({
      path: `${path}.cidr`,
      value: pool.cidr,
      rule: `the pool ${pool.cidr} is not in podCidr ${settings.podCidr.join(", ")}, which kube-proxy takes for the pods'`,
      fix: "take a part of podCidr, or a podCidr that holds the pool",
    });
  if (pool.blockSize < shortest || pool.blockSize > longest)
    problems.push({
      path: `${path}.blockSize`,
      value: String(pool.blockSize),
      rule: `blocks of an ${cidr.family} pool are /${shortest} to /${longest}`,
      fix: `take ${cidr.family === "ipv4" ? 26 : 122}`,
    });
  else if (pool.blockSize < cidr.prefix)
    problems.push({
      path: `${path}.blockSize`,
      value: String(pool.blockSize),
      rule: `a block of /${pool.blockSize} is larger than its pool ${pool.cidr}`,
      fix: `take ${Math.min(longest, cidr.prefix + 4)}, or a larger pool`,
    });
  if (isForServices(pool) && pool.nodeSelector !== "all()")
    problems.push({
      path: `${path}.nodeSelector`,
      value: pool.nodeSelector,
      rule: "addresses of services are of no node",
      fix: "leave it out",
    });
  if (isForServices(pool) && pool.disableBgpExport)
    problems.push({
      path: `${path}.disableBgpExport`,
      rule: "Calico tells peers of services' addresses, and takes no pool of them that it may not tell",
      fix: "leave it out",
    });
  if (isForServices(pool) && pool.allowedUses.length > 1)
    problems.push({
      path: `${path}.allowedUses`,
      value: pool.allowedUses.join(", "),
      rule: "addresses of services are of a pool of their own",
      fix: "make a second pool with allowedUses: [LoadBalancer]",
    });
  return [...problems, ...tunnelProblems(`${path}.encapsulation`, pool, cidr, settings)];
}

function tunnelProblems(
  path: string,
  pool: Pool,
  { family }: Cidr,
  { cloud, install, agent }: CalicoSettings,
): Problem[] {
  const problem = (rule: string, fix: string): Problem[] => [{ path, value: pool.encapsulation, rule, fix }];
  const tunnel = tunnelOf(pool);
  if (isForServices(pool)) return tunnel ? problem("addresses of services go into no tunnel", "leave it out") : [];
  if (install === "policy-only")
    return tunnel ? problem("with policy-only another network carries the packets", 'say "None"') : [];
  if (tunnel === "ipip" && family === "ipv6")
    return problem("IPIP carries IPv4 only", "take VXLAN, VXLANCrossSubnet or None");
  if (tunnel === "ipip" && cloud && dropsIpip[cloud])
    return problem(`${dropsIpip[cloud]} drops IP in IP (protocol 4)`, "take VXLAN");
  if (pool.encapsulation === "None" && (cloud === "gcp" || cloud === "azure"))
    return problem(
      `${cloud === "gcp" ? "Google Cloud" : "Azure"} carries no packet whose address it has no route to`,
      'take VXLAN, or "policy-only" with routes of the VPC',
    );
  if (agent.type === "felix" && tunnel !== "vxlan")
    return problem("the felix agent has no BGP, which IPIP and None learn routes by", "take VXLAN or VXLANCrossSubnet");
  return [];
}

function familyProblems(settings: CalicoSettings): Problem[] {
  return families(settings.podCidr)
    .filter(
      (family) =>
        !Object.values(settings.pools).some(
          ({ cidr, allowedUses }) => Cidr.parse(cidr).family === family && allowedUses.includes("Workload"),
        ),
    )
    .map((family) => ({
      path: "pools",
      rule: `podCidr has an ${family} range, and no pool gives ${family} addresses to pods`,
      fix: "add a pool of it, or leave the range out",
    }));
}

/** Each node takes a block at its first pod; without one its pods borrow addresses, each with a route of its own. */
function sizeProblems(settings: CalicoSettings): Problem[] {
  if (settings.ipam !== "calico-ipam") return [];
  const nodes = BigInt(nodeCount(settings));
  return families(settings.podCidr).flatMap((family) => {
    const pools = Object.values(settings.pools).filter(
      ({ cidr, disabled, allowedUses, blockSize }) =>
        Cidr.parse(cidr).family === family &&
        Cidr.parse(cidr).prefix <= blockSize &&
        !disabled &&
        allowedUses.includes("Workload"),
    );
    const blocks = pools.reduce((sum, { cidr, blockSize }) => sum + Cidr.parse(cidr).subnets(blockSize), 0n);
    if (pools.length === 0 || blocks >= nodes) return [];
    const rule = `${nodes} nodes need a block each, and the ${family} pools have ${blocks}`;
    return [{ path: "pools", rule, fix: "take a larger range, or a larger blockSize number, which is smaller blocks" }];
  });
}
