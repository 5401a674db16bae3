import { Cidr } from "../addresses/cidr";
import { overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import type { ContivSettings } from "./complete";

/** What is wrong with Contiv-VPP's own addresses and NICs. */
export function vppProblems({ vpp, podCidr, nodes }: ContivSettings): Problem[] {
  if (!vpp) return [];
  const { hostSubnetCidr, vxlanCidr, nodeInterconnectCidr, nics, stealNic } = vpp;
  const own = Object.entries({
    "vpp.hostSubnetCidr": hostSubnetCidr,
    "vpp.vxlanCidr": vxlanCidr,
    "vpp.nodeInterconnectCidr": nodeInterconnectCidr,
  });
  const ranges = own.map(([name, cidr]) => ({ name, cidr }));
  const names = nodes?.nodes.map(({ name }) => name);
  return [
    ...overlaps(ranges).map(({ first, second }) => ({
      path: second.name,
      value: second.cidr,
      rule: `${second.name} ${second.cidr} overlaps ${first.name} ${first.cidr}`,
      fix: "give each a range of its own",
    })),
    ...[...ranges, ...podCidr.map((cidr) => ({ name: "podCidr", cidr }))]
      .filter(({ cidr }) => cidr.includes(":"))
      .map(({ name, cidr }) => ({ path: name, value: cidr, rule: `${name} is an IPv4 range`, fix: "name one" })),
    ...prefixProblems("podCidr", podCidr[0] as string, "vpp.nodePrefix", vpp.nodePrefix),
    ...prefixProblems("vpp.hostSubnetCidr", hostSubnetCidr, "vpp.hostNodePrefix", vpp.hostNodePrefix),
    ...Object.keys(nics)
      .filter((name) => names && !names.includes(name))
      .map((name) => ({
        path: `vpp.nics.${name}`,
        rule: `there is no node ${name}`,
        fix: "name nodes of the inventory",
      })),
    ...(nodes?.nodes ?? [])
      .filter(({ name, nic }) => !stealNic && nic !== undefined && nics[name]?.device === nic)
      .map(({ name, nic }) => ({
        path: `vpp.nics.${name}.device`,
        value: String(nic),
        rule: `${nic} is the NIC that ${name} is reached by: VPP would take it, and the node with it`,
        fix: "name another NIC, or say vpp.stealNic: true where upstream's STN daemon hands its address on",
      })),
  ];
}

function prefixProblems(path: string, cidr: string, at: string, prefix: number): Problem[] {
  const { prefix: whole, family } = Cidr.parse(cidr);
  return family === "ipv6" || prefix > whole
    ? []
    : [
        {
          path: at,
          value: String(prefix),
          rule: `a node's part of ${path} ${cidr} is longer than /${whole}`,
          fix: `say ${whole + 1} or more`,
        },
      ];
}

export function vppWarnings({ vpp, nodes }: ContivSettings): string[] {
  if (!vpp) return [];
  return [
    "the kubelet counts huge pages at its start: start it again once on every node, before pods ask for hugepages-2Mi",
    ...(nodes ? [] : ["without nodes nobody sets apart huge pages, nor gives NICs to VPP"]),
    ...(vpp.crd
      ? [
          "contiv-crd makes definitions by an API that Kubernetes 1.22 took away: on newer ones it starts again and again",
        ]
      : []),
    ...(vpp.stealNic
      ? [
          "vpp.stealNic: upstream's daemon that hands the NIC's address on must be on the nodes already; podnet does not install it",
        ]
      : []),
  ];
}
