import * as ecs from "@pulumi/alicloud/ecs";
import * as vpc from "@pulumi/alicloud/vpc";
import * as pulumi from "@pulumi/pulumi";
import { Cidr } from "../addresses/cidr";
import { parse } from "../parse";
import { requirePlugin } from "../plugin";
import {
  type AlicloudRoutesArgs,
  type AlicloudSettings,
  alicloudProblems,
  alicloudRoutesSettings,
} from "./alicloud-settings";
import { makeMany } from "./many";
import { inName } from "./names";
import type { Routes } from "./plan";
import { input, PlannedRoutes, RoutePlan } from "./resource";

export type { AlicloudRoutesArgs } from "./alicloud-settings";

/**
 * A pod network without an overlay in an Alibaba Cloud VPC: in each route table an entry for every node's pod subnets.
 *
 * @example
 * const routes = new AlicloudRoutes("pods", {
 *   network: pods,
 *   nodes: { node1: { instance: "i-bp1…" } },
 *   tables: { main: "vtb-bp1…" },
 * });
 *
 * @throws UserError with every problem of the settings at once. What the route tables do not take is told by the plan,
 * at preview.
 */
export class AlicloudRoutes extends PlannedRoutes {
  /** The node that each destination's packets are handed to. Known once every table has its routes. */
  public readonly routes: pulumi.Output<Routes>;

  constructor(name: string, args: AlicloudRoutesArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:AlicloudRoutes", name, {}, options);
    requirePlugin();
    const settings = parse(`AlicloudRoutes "${name}"`, alicloudRoutesSettings, args, alicloudProblems);

    const plan = planRoutes(name, settings, { parent: this });
    letPodsIn(name, settings, { parent: this });
    const made = plan.routes.apply((routes) =>
      pulumi.all(makeMany(() => makeEntries(name, settings, routes, { parent: this }))),
    );

    this.routes = made.apply(() => plan.routes);
    this.completeWith(this.routes, settings.nodes);
    this.registerOutputs({ routes: this.routes });
  }
}

interface Parented {
  parent: pulumi.Resource;
}

/** Alibaba Cloud's own services, in every VPC (VPC documentation, CreateRouteEntry). */
const services = "100.64.0.0/10";

function planRoutes(name: string, { network, nodes, tables, quota }: AlicloudSettings, options: Parented): RoutePlan {
  const ways = Object.entries(nodes).map(([node, { via, instance, networkInterface }]) => [
    node,
    via === undefined ? { hop: input((instance ?? networkInterface) as string) } : { via },
  ]);
  const today = Object.entries(tables).map(([table, id]) => ({
    table,
    id: input(id),
    ...entriesIn(input(id), options),
  }));
  return new RoutePlan(
    name,
    {
      cloud: "alicloud",
      podCidr: network.podCidr,
      subnets: input(network.subnets),
      nodes: Object.fromEntries(ways),
      tables: Object.fromEntries(today.map(({ table, id, standing }) => [table, { id, standing }])),
      taken: {
        "addresses of Alibaba Cloud's services": [services],
        ...Object.fromEntries(today.map(({ table, system }) => [`a vSwitch's addresses in ${table}`, system])),
      },
      quota,
    },
    options,
  );
}

/** What stands in a table: the entries that somebody made, and the vSwitches'. */
function entriesIn(routeTableId: pulumi.Input<string>, look: Parented) {
  const { entries } = vpc.getRouteEntriesOutput({ routeTableId }, look);
  const own = (type: string) => type === "System";
  return {
    standing: entries.apply((all) =>
      all.filter(({ type }) => !own(type)).map(({ cidrBlock, instanceId }) => ({ to: cidrBlock, hop: instanceId })),
    ),
    system: entries.apply((all) =>
      all.filter(({ type, cidrBlock }) => own(type) && cidrBlock !== services).map(({ cidrBlock }) => cidrBlock),
    ),
  };
}

/**
 * One after the other: a VPC makes no two entries at a time (CreateRouteEntry: TaskConflict). Each is waited for by
 * Alibaba Cloud's provider until it is there. An entry never changes: one has to go before the one in its place comes.
 */
function makeEntries(
  name: string,
  { nodes, tables }: AlicloudSettings,
  routes: Routes,
  options: Parented,
): pulumi.Output<string>[] {
  let before: vpc.RouteEntry | undefined;
  return Object.entries(tables).flatMap(([table, id]) =>
    Object.entries(routes).map(([to, node]) => {
      const { instance, networkInterface } = nodes[node] ?? {};
      before = new vpc.RouteEntry(
        `${name}-${table}-${inName(to)}`,
        {
          routeTableId: input(id),
          destinationCidrblock: to,
          nexthopType: instance === undefined ? "NetworkInterface" : "Instance",
          nexthopId: input((instance ?? networkInterface) as string),
          name: `${name}-${node}`,
          description: `Pods of ${node}`,
        },
        { ...options, deleteBeforeReplace: true, ...(before && { dependsOn: before }) },
      );
      return before.urn;
    }),
  );
}

/** Pods' packets come from pods' addresses, which no rule that names a security group lets in. */
function letPodsIn(name: string, { securityGroups, network }: AlicloudSettings, options: Parented): void {
  for (const [group, id] of Object.entries(securityGroups))
    for (const range of network.podCidr)
      new ecs.SecurityGroupRule(
        `${name}-${group}-${inName(range)}`,
        {
          securityGroupId: input(id),
          type: "ingress",
          ipProtocol: "all",
          portRange: "-1/-1",
          ...(Cidr.parse(range).family === "ipv4" ? { cidrIp: range } : { ipv6CidrIp: range }),
          description: `Pods of ${name}`,
        },
        options,
      );
}
