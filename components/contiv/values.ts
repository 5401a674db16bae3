import type { Collection, Value } from "../netmaster/collections";
import type { ContivSettings, Tenant } from "./complete";

/** One object of netmaster's, and how its resource is called. */
export interface NetmasterValue {
  collection: Collection;
  key: string;
  value: Value;
}

type Rule = Tenant["policies"][string]["rules"][string];

/** The tenant that netmaster makes itself, and the network in it that pods without labels are in (upstream's names). */
export const defaultTenant = "default";
export const defaultNetwork = "default-net";

/**
 * All that is written into netmaster, in stages, each of which names only what is in those before it; backwards they are
 * taken away again.
 */
export function values(settings: ContivSettings): NetmasterValue[][] {
  const { tenants, bgp, aci } = settings;
  const all = Object.entries(withDefault(settings));
  const each = (of: (name: string, tenant: Tenant) => NetmasterValue[]) => all.flatMap(([name, one]) => of(name, one));
  return [
    [globals(settings), ...(aci ? [gateway(aci)] : [])],
    Object.keys(tenants)
      .filter((name) => name !== defaultTenant)
      .map((name) => made("tenants", [name], { tenantName: name })),
    [
      ...each((tenantName, { networks }) =>
        Object.entries(networks).map(([name, one]) => network(tenantName, name, one, settings)),
      ),
      ...each(profiles),
      ...each((tenantName, { policies }) =>
        Object.keys(policies).map((policyName) =>
          made("policys", [tenantName, policyName], { tenantName, policyName }),
        ),
      ),
      ...each(contracts),
    ],
    each(groups),
    // Rules may name groups.
    [
      ...each((tenantName, { policies }) =>
        Object.entries(policies).flatMap(([policyName, { rules }]) =>
          Object.entries(rules).map(([ruleId, one]) => rule({ tenantName, policyName, ruleId }, one)),
        ),
      ),
      ...each(applications),
      ...each(services),
      ...Object.entries(bgp).map(([hostname, { routerAddress, as, neighbor, neighborAs }]) =>
        made("Bgps", [hostname], {
          hostname,
          routerip: routerAddress,
          as: String(as),
          neighbor,
          "neighbor-as": String(neighborAs),
        }),
      ),
    ],
  ].filter(({ length }) => length > 0);
}

/** Every tenant, with the networks that Contiv cannot do without: that of pods, and with routing that of hosts. */
function withDefault({
  tenants,
  podCidr,
  gateway: gateways,
  infraNetwork,
  forwarding,
}: ContivSettings): Record<string, Tenant> {
  const empty: Tenant = {
    networks: {},
    profiles: {},
    policies: {},
    groups: {},
    contracts: {},
    applications: {},
    services: {},
  };
  const own = tenants[defaultTenant] ?? empty;
  const pair = (colon: boolean) => podCidr.findIndex((cidr) => cidr.includes(":") === colon);
  const [four, six] = [pair(false), pair(true)];
  const pods: Tenant["networks"][string] = {
    type: "data",
    subnet: podCidr[four] as string,
    gateway: gateways[four],
    ...(six >= 0 && { ipv6Subnet: podCidr[six], ipv6Gateway: gateways[six] }),
  };
  const { name, subnet, gateway: ofHosts } = infraNetwork;
  const hosts = forwarding === "routing" ? { [name]: { type: "infra" as const, subnet, gateway: ofHosts } } : {};
  return { ...tenants, [defaultTenant]: { ...own, networks: { ...hosts, [defaultNetwork]: pods, ...own.networks } } };
}

/** What is not said is left out, as netmaster leaves it out of its answers. */
function made(collection: Collection, key: readonly string[], fields: Record<string, unknown>): NetmasterValue {
  const said = Object.entries(fields).filter(
    ([, value]) => ![undefined, "", 0].includes(value as string) && String(value) !== "",
  );
  return { collection, key: key.join(":"), value: Object.fromEntries(said) as Value };
}

function globals({ globals: said, forwarding, aci }: ContivSettings): NetmasterValue {
  const { arpMode, vlans, vxlans, privateSubnet } = said;
  return made("globals", ["global"], {
    name: "global",
    networkInfraType: aci ? "aci" : "default",
    fwdMode: forwarding,
    arpMode,
    vlans,
    vxlans,
    pvtSubnet: privateSubnet,
  });
}

function gateway(aci: NonNullable<ContivSettings["aci"]>): NetmasterValue {
  const yes = (value: boolean) => (value ? "yes" : "no");
  return made("aciGws", ["aciGw"], {
    name: "aciGw",
    pathBindings: aci.pathBindings.join(","),
    nodeBindings: aci.nodeBindings.join(","),
    physicalDomain: aci.physicalDomain,
    enforcePolicies: yes(aci.enforcePolicies),
    includeCommonTenant: yes(aci.includeCommonTenant),
  });
}

function network(
  tenantName: string,
  networkName: string,
  one: Tenant["networks"][string],
  { encapsulation }: ContivSettings,
) {
  return made("networks", [tenantName, networkName], {
    tenantName,
    networkName,
    nwType: one.type,
    encap: one.encapsulation ?? encapsulation,
    pktTag: one.tag,
    subnet: one.subnet,
    gateway: one.gateway,
    ipv6Subnet: one.ipv6Subnet,
    ipv6Gateway: one.ipv6Gateway,
    cfgdTag: one.configuredTag,
  });
}

const profiles = (tenantName: string, { profiles: all }: Tenant) =>
  Object.entries(all).map(([profileName, { bandwidth, dscp, burst }]) =>
    made("netprofiles", [tenantName, profileName], { tenantName, profileName, bandwidth, DSCP: dscp, burst }),
  );

const contracts = (tenantName: string, { contracts: all }: Tenant) =>
  Object.entries(all).map(([name, { type, contracts: list }]) =>
    made("extContractsGroups", [tenantName, name], {
      tenantName,
      contractsGroupName: name,
      contractsType: type,
      contracts: list,
    }),
  );

const groups = (tenantName: string, { groups: all }: Tenant) =>
  Object.entries(all).map(([groupName, one]) =>
    made("endpointGroups", [tenantName, groupName], {
      tenantName,
      groupName,
      networkName: one.network,
      ipPool: one.ipPool,
      policies: one.policies,
      netProfile: one.profile,
      extContractsGrps: one.contracts,
      cfgdTag: one.configuredTag,
    }),
  );

const applications = (tenantName: string, { applications: all }: Tenant) =>
  Object.entries(all).map(([name, { groups: list }]) =>
    made("appProfiles", [tenantName, name], { tenantName, appProfileName: name, endpointGroups: list }),
  );

const services = (tenantName: string, { services: all }: Tenant) =>
  Object.entries(all).map(([serviceName, one]) =>
    made("serviceLBs", [tenantName, serviceName], {
      tenantName,
      serviceName,
      networkName: one.network,
      ipAddress: one.address,
      selectors: Object.entries(one.selectors).map((pair) => pair.join("=")),
      ports: one.ports,
    }),
  );

function rule(names: { tenantName: string; policyName: string; ruleId: string }, one: Rule): NetmasterValue {
  const { direction, priority, from = {}, to = {}, protocol, port, action } = one;
  return made("rules", Object.values(names), {
    ...names,
    direction,
    priority,
    fromEndpointGroup: from.group,
    fromNetwork: from.network,
    fromIpAddress: from.address,
    toEndpointGroup: to.group,
    toNetwork: to.network,
    toIpAddress: to.address,
    protocol,
    port,
    action,
  });
}
