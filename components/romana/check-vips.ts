import { Cidr, IpAddress } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import type { RomanaSettings } from "./complete";

/** Addresses of services: a node has each, and nobody else. */
export function vipProblems({ vips, nodes, policies, podCidr, serviceCidr }: RomanaSettings): Problem[] {
  const ranges = Object.entries({ podCidr, serviceCidr });
  return Object.entries(vips).flatMap(([service, { ip, node }]): Problem[] => {
    const path = `vips.${service}`;
    const address = IpAddress.parse(ip);
    const within = ranges.find(([, list]) => list.some((text) => Cidr.parse(text).contains(address)));
    const found = nodes?.nodes.find(({ name }) => name === node);
    const same = Object.entries(vips).find(([other, one]) => other < service && one.ip === ip);
    return [
      ...(within
        ? [
            {
              path: `${path}.ip`,
              value: ip,
              rule: `${ip} is an address of ${within[0]}, which nobody outside has a route to`,
              fix: "take one of the nodes' own network",
            },
          ]
        : []),
      ...(same ? [{ path: `${path}.ip`, value: ip, rule: `${same[0]} has it already`, fix: "give each its own" }] : []),
      ...(policies
        ? node === undefined
          ? []
          : [
              {
                path: `${path}.node`,
                value: node,
                rule: "Romana's listener chooses the node, one that has a pod of the service",
                fix: "leave node out",
              },
            ]
        : nodeProblems(path, node, found)),
    ];
  });
}

/** Without the listener podnet gives the address to a node. */
function nodeProblems(
  path: string,
  node: string | undefined,
  found: { nic?: string | undefined } | undefined,
): Problem[] {
  if (node === undefined)
    return [
      {
        path: `${path}.node`,
        rule: "Romana's listener does not run, so that podnet gives the address to a node",
        fix: "say which: node",
      },
    ];
  if (!found)
    return [{ path: `${path}.node`, value: node, rule: `there is no node ${node}`, fix: "take one of the inventory" }];
  if (found.nic !== undefined) return [];
  return [
    {
      path: `nodes.${node}.nic`,
      rule: `the address is given to a NIC of ${node}, which is not named`,
      fix: "name it in the inventory",
    },
  ];
}
