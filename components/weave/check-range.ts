import { Cidr, IpAddress } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import type { WeaveSettings } from "./complete";

/** The range that Weave gives addresses of, and what must lie in it. */
export function podRangeProblems({ podCidr, clusterCidr, exposeAddress, nodeCount, hosts }: WeaveSettings): Problem[] {
  const ranges = podCidr.map((text) => Cidr.parse(text));
  const [range] = ranges;
  if (ranges.length !== 1 || range?.family !== "ipv4")
    return [
      {
        path: "podCidr",
        value: podCidr.join(", "),
        rule: "Weave has one IPv4 range, and no IPv6",
        fix: 'say podCidr: "10.32.0.0/12"',
      },
    ];
  const inside: [string, string][] = [
    ...(exposeAddress === undefined ? [] : [["exposeAddress", exposeAddress] as [string, string]]),
    ...Object.entries(hosts?.expose ?? {}).map(([node, address]): [string, string] => [
      `hosts.expose.${node}`,
      address,
    ]),
  ];
  return [
    ...(clusterCidr === undefined || clusterCidr === String(range)
      ? []
      : [
          {
            path: "podCidr",
            value: String(range),
            rule: `kube-proxy takes ${clusterCidr} for the pods' addresses, and would translate what comes from ${range}`,
            fix: `give kube-proxy --cluster-cidr=${range}, or say podCidr: "${clusterCidr}"`,
          },
        ]),
    ...inside
      .filter(([, address]) => !range.contains(IpAddress.parse(address)))
      .map(([path, value]) => ({
        path,
        value,
        rule: `${value} is no address of podCidr ${range}`,
        fix: "take one of it, or leave it to Weave",
      })),
    ...(exposeAddress !== undefined && nodeCount > 1
      ? [
          {
            path: "exposeAddress",
            value: exposeAddress,
            rule: `${nodeCount} nodes would have the one address`,
            fix: "leave it to Weave; on hosts without Kubernetes say hosts.expose by node",
          },
        ]
      : []),
    ...(hosts?.defaultSubnet === undefined || range.contains(Cidr.parse(hosts.defaultSubnet))
      ? []
      : [
          {
            path: "hosts.defaultSubnet",
            value: hosts.defaultSubnet,
            rule: `${hosts.defaultSubnet} is no part of podCidr ${range}`,
            fix: "take a part of it",
          },
        ]),
  ];
}
