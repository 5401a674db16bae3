import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { Cidr } from "../addresses/cidr";
import { parse } from "../parse";
import { requirePlugin } from "../plugin";
import { forwarding, idOf, interfaces, quotaOf, tableNames, tablesToday, vpcAddresses } from "./aws-look";
import { type AwsRoutesArgs, type AwsSettings, awsProblems, awsRoutesSettings, awsWarnings } from "./aws-settings";
import { lists } from "./lists";
import { makeMany } from "./many";
import { inName } from "./names";
import type { Routes } from "./plan";
import { input, PlannedRoutes, RoutePlan } from "./resource";

export type { AwsRoutesArgs } from "./aws-settings";

/**
 * A pod network without an overlay in an AWS VPC: in each route table a route to every node's pod subnets, by the
 * node's network interface, and rules that let pods in.
 *
 * @example
 * const routes = new AwsRoutes("pods", {
 *   network: pods,
 *   vpc: "vpc-0123456789abcdef0",
 *   nodes: { node1: { networkInterface: "eni-0123456789abcdef0" } },
 *   tables: { "private-a": "rtb-0123456789abcdef0" },
 * });
 *
 * @throws UserError with every problem of the settings at once. What the route tables and quotas do not take is told by
 * the plan, at preview.
 */
export class AwsRoutes extends PlannedRoutes {
  /** The node that each destination's packets are handed to. Known once every table has its routes. */
  public readonly routes: pulumi.Output<Routes>;

  constructor(name: string, args: AwsRoutesArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:AwsRoutes", name, {}, options);
    requirePlugin();
    const settings = parse(`AwsRoutes "${name}"`, awsRoutesSettings, args, awsProblems);
    for (const warning of awsWarnings(settings)) pulumi.log.warn(warning, this);
    const hops = interfaces(settings, { parent: this });
    const tables = tableNames(settings, { parent: this });

    const plan = planRoutes(name, settings, hops, tables, { parent: this });
    letPodsIn(name, settings, { parent: this });
    const made = pulumi
      .all([plan.routes, plan.adopted, tables])
      .apply(([routes, adopted, names]) =>
        makeMany(() =>
          settings.destination === "cidr"
            ? routesByCidr({ name, settings, hops, options: { parent: this } }, names, routes, adopted)
            : routesByList({ name, settings, hops, options: { parent: this } }, names, routes),
        ),
      );

    this.routes = made.apply(() => plan.routes);
    this.completeWith(this.routes, settings.nodes);
    this.registerOutputs({ routes: this.routes });
  }
}

type Hops = Record<string, pulumi.Output<string>>;

function planRoutes(
  name: string,
  settings: AwsSettings,
  hops: Hops,
  tables: pulumi.Output<string[]>,
  options: pulumi.CustomResourceOptions & pulumi.InvokeOutputOptions,
): RoutePlan {
  const { network, nodes, destination, prefixLists, adopt } = settings;
  const look = { parent: options.parent as pulumi.Resource };
  const forwards = settings.readInterfaces ? forwarding(hops, look) : {};
  const ways = Object.entries(nodes).map(([node, { via }]) =>
    via === undefined ? [node, { hop: hops[node], forwards: forwards[node] }] : [node, { via }],
  );
  return new RoutePlan(
    name,
    {
      cloud: "aws",
      podCidr: network.podCidr,
      subnets: input(network.subnets),
      nodes: Object.fromEntries(ways),
      tables: tablesToday(settings, tables, look),
      taken: { "addresses of the VPC": vpcAddresses(settings, look) },
      quota: quotaOf(settings, look),
      ...(destination === "prefix-list" && { prefixLists }),
      adopt,
    },
    options,
  );
}

interface Making {
  name: string;
  settings: AwsSettings;
  hops: Hops;
  options: pulumi.CustomResourceOptions;
}

type Urns = pulumi.Output<string[]>;

/** Named by their destination: a subnet that goes to another node changes the route's next hop, in place. */
function routesByCidr(
  { name, settings, hops, options }: Making,
  tables: string[],
  routes: Routes,
  adopted: Record<string, Record<string, string>>,
): Urns {
  const made = tables.flatMap((table) =>
    Object.entries(routes).map(([to, node]) => {
      const route = { routeTableId: idOf(settings, table), networkInterfaceId: hops[node] as pulumi.Output<string> };
      const destination = to.includes(":") ? { destinationIpv6CidrBlock: to } : { destinationCidrBlock: to };
      const importId = adopted[table]?.[to];
      return new ec2.Route(
        `${name}-${table}-${inName(to)}`,
        { ...route, ...destination },
        { ...options, ...(importId !== undefined && { import: importId }) },
      ).urn;
    }),
  );
  return pulumi.all(made);
}

function routesByList({ name, settings, hops, options }: Making, tables: string[], routes: Routes): Urns {
  const made = [...lists(routes)].flatMap(([list, { node, family, destinations }]) => {
    const { id } = new ec2.ManagedPrefixList(
      `${name}-${list}`,
      {
        name: `${name}-${list}`,
        addressFamily: family === "ipv4" ? "IPv4" : "IPv6",
        maxEntries: settings.prefixLists.entries,
        entries: destinations.map((cidr) => ({ cidr, description: `pods of ${node}` })),
      },
      options,
    );
    return tables.map(
      (table) =>
        new ec2.Route(
          `${name}-${table}-${list}`,
          {
            routeTableId: idOf(settings, table),
            destinationPrefixListId: id,
            networkInterfaceId: hops[node] as pulumi.Output<string>,
          },
          options,
        ).urn,
    );
  });
  return pulumi.all(made);
}

/** Pods' packets come from pods' addresses, which no rule that names a security group lets in. */
function letPodsIn(
  name: string,
  { securityGroups, network }: AwsSettings,
  options: pulumi.CustomResourceOptions,
): void {
  for (const [group, id] of Object.entries(securityGroups))
    for (const range of network.podCidr)
      new vpc.SecurityGroupIngressRule(
        `${name}-${group}-${inName(range)}`,
        {
          securityGroupId: input(id),
          ipProtocol: "-1",
          ...(Cidr.parse(range).family === "ipv4" ? { cidrIpv4: range } : { cidrIpv6: range }),
          description: `Pods of ${name}`,
        },
        options,
      );
}
