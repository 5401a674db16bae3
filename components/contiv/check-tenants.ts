import { Cidr } from "../addresses/cidr";
import { type NamedRange, overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import type { ContivSettings, Tenant } from "./complete";
import { defaultNetwork, defaultTenant } from "./values";

/** What netmaster would refuse half-way, after some of it is made. */
export function tenantProblems(settings: ContivSettings): Problem[] {
  return Object.entries(settings.tenants).flatMap(([name, tenant]) => [
    ...networkProblems(name, tenant, settings),
    ...groupProblems(name, tenant, settings),
    ...ruleProblems(name, tenant, settings),
  ]);
}

/** Names that a tenant has: "default" has those that the network itself makes too. */
function networksOf(name: string, { networks }: Tenant, { infraNetwork, forwarding }: ContivSettings): string[] {
  const own = name === defaultTenant ? [defaultNetwork, ...(forwarding === "routing" ? [infraNetwork.name] : [])] : [];
  return [...own, ...Object.keys(networks)];
}

function networkProblems(name: string, { networks, groups }: Tenant, settings: ContivSettings): Problem[] {
  const { podCidr, infraNetwork, forwarding } = settings;
  const path = `tenants.${name}.networks`;
  const reserved = name === defaultTenant ? [defaultNetwork, infraNetwork.name].filter((one) => one in networks) : [];
  const clash = Object.keys(groups).filter((one) => networksOf(name, { networks } as Tenant, settings).includes(one));
  const own: NamedRange[] =
    name === defaultTenant
      ? [
          ...podCidr.map((cidr) => ({ name: "podCidr", cidr })),
          ...(forwarding === "routing" ? [{ name: "infraNetwork.subnet", cidr: infraNetwork.subnet }] : []),
        ]
      : [];
  const ranges = Object.entries(networks).flatMap(([one, { subnet, ipv6Subnet }]): NamedRange[] => [
    { name: `${path}.${one}`, cidr: around(subnet) },
    ...(ipv6Subnet ? [{ name: `${path}.${one}`, cidr: ipv6Subnet }] : []),
  ]);
  return [
    ...reserved.map((one) => ({
      path: `${path}.${one}`,
      rule: `${one} is made from ${one === defaultNetwork ? "podCidr and gateway" : "infraNetwork"}`,
      fix: "leave it out here",
    })),
    ...clash.map((one) => ({
      path: `tenants.${name}.groups.${one}`,
      rule: `netmaster takes no group with the name of a network of its tenant: ${one}`,
      fix: "give the group another name",
    })),
    ...overlaps([...own, ...ranges]).map(({ first, second }) => ({
      path: second.name.startsWith("tenants") ? second.name : first.name,
      value: second.cidr,
      rule: `${second.name} ${second.cidr} overlaps ${first.name} ${first.cidr}, in one tenant`,
      fix: "give each network a range of its own, or make it in another tenant",
    })),
    ...Object.entries(networks).flatMap(([one, { gateway, subnet, tag, encapsulation }]): Problem[] => [
      ...(gateway && !Cidr.parse(around(subnet)).contains(Cidr.around(`${gateway}/32`))
        ? [
            {
              path: `${path}.${one}.gateway`,
              value: gateway,
              rule: `the gateway is not in ${subnet}`,
              fix: "name an address of the subnet",
            },
          ]
        : []),
      ...((encapsulation ?? settings.encapsulation) === "vlan" && tag !== undefined && tag > 4094
        ? [
            {
              path: `${path}.${one}.tag`,
              value: String(tag),
              rule: "a VLAN is 1 to 4094",
              fix: "take a VLAN, or encapsulation vxlan",
            },
          ]
        : []),
    ]),
  ];
}

/** A part of a range stands for the range it is in: netmaster compares them so. */
function around(subnet: string): string {
  return String(Cidr.around(subnet.replace(/-[\d.]+\//, "/")));
}

function groupProblems(name: string, tenant: Tenant, settings: ContivSettings): Problem[] {
  const path = `tenants.${name}`;
  const missing = (at: string, kind: string, one: string, known: readonly string[]): Problem[] =>
    known.includes(one)
      ? []
      : [
          {
            path: at,
            value: one,
            rule: `tenant ${name} has no ${kind} ${one}`,
            fix: known.length > 0 ? `it has ${known.join(", ")}` : `name one in ${path}`,
          },
        ];
  const networks = networksOf(name, tenant, settings);
  return [
    ...Object.entries(tenant.groups).flatMap(([group, { network, policies, profile, contracts }]) => [
      ...missing(`${path}.groups.${group}.network`, "network", network, networks),
      ...policies.flatMap((one) =>
        missing(`${path}.groups.${group}.policies`, "policy", one, Object.keys(tenant.policies)),
      ),
      ...(profile ? missing(`${path}.groups.${group}.profile`, "profile", profile, Object.keys(tenant.profiles)) : []),
      ...contracts.flatMap((one) =>
        missing(`${path}.groups.${group}.contracts`, "contracts", one, Object.keys(tenant.contracts)),
      ),
    ]),
    ...Object.entries(tenant.applications).flatMap(([one, { groups }]) =>
      groups.flatMap((group) =>
        missing(`${path}.applications.${one}.groups`, "group", group, Object.keys(tenant.groups)),
      ),
    ),
    ...Object.entries(tenant.services).flatMap(([one, { network }]) =>
      missing(`${path}.services.${one}.network`, "network", network, networks),
    ),
  ];
}

function ruleProblems(name: string, tenant: Tenant, settings: ContivSettings): Problem[] {
  const networks = networksOf(name, tenant, settings);
  return Object.entries(tenant.policies).flatMap(([policy, { rules }]) =>
    Object.entries(rules).flatMap(([id, { direction, from, to }]): Problem[] => {
      const path = `tenants.${name}.policies.${policy}.rules.${id}`;
      const [side, peer, other] = direction === "in" ? (["from", from, to] as const) : (["to", to, from] as const);
      const both = peer?.network !== undefined && (peer.address !== undefined || peer.group !== undefined);
      return [
        ...(other
          ? [
              {
                path,
                rule: `a rule of direction ${direction} has no "${side === "from" ? "to" : "from"}"`,
                fix: `say ${side}, or the other direction`,
              },
            ]
          : []),
        ...(both
          ? [
              {
                path: `${path}.${side}`,
                rule: "a network is said alone, without address or group",
                fix: "keep one of them",
              },
            ]
          : []),
        ...(peer?.network && !networks.includes(peer.network)
          ? [
              {
                path: `${path}.${side}.network`,
                value: peer.network,
                rule: `tenant ${name} has no network ${peer.network}`,
                fix: `it has ${networks.join(", ")}`,
              },
            ]
          : []),
        ...(peer?.group && !(peer.group in tenant.groups)
          ? [
              {
                path: `${path}.${side}.group`,
                value: peer.group,
                rule: `tenant ${name} has no group ${peer.group}`,
                fix: "name one of its groups",
              },
            ]
          : []),
      ];
    }),
  );
}
