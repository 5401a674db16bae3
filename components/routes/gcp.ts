import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";
import { Cidr, type Family } from "../addresses/cidr";
import { parse } from "../parse";
import { requirePlugin } from "../plugin";
import { type AliasIpRange, aliasRanges, forwards, subnetworkAddresses } from "./gcp-look";
import { type GcpRoutesArgs, type GcpSettings, gcpProblems, gcpRoutesSettings } from "./gcp-settings";
import { makeMany } from "./many";
import { inName } from "./names";
import type { Routes } from "./plan";
import { input, PlannedRoutes, RoutePlan } from "./resource";

export type { AliasIpRange } from "./gcp-look";
export type { GcpRoutesArgs } from "./gcp-settings";

/**
 * A pod network without an overlay in a Google Cloud VPC network: a static route to every node's pod subnets, or alias
 * IP ranges, and firewall rules that let pods in.
 *
 * @example
 * const routes = new GcpRoutes("pods", {
 *   network: pods,
 *   vpc: "cluster",
 *   nodes: { node1: { instance: node1.selfLink } },
 *   tags: ["node"],
 * });
 *
 * @throws UserError with every problem of the settings at once. What the VPC network does not take is told by the plan,
 * at preview.
 */
export class GcpRoutes extends PlannedRoutes {
  /** The node that each destination's packets are handed to; none with alias IP ranges. Known once the routes are there. */
  public readonly routes: pulumi.Output<Routes>;
  /** With `alias`: what each node's network interface is given. */
  public readonly aliasIpRanges: pulumi.Output<Record<string, AliasIpRange[]>>;

  constructor(name: string, args: GcpRoutesArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:GcpRoutes", name, {}, options);
    requirePlugin();
    const settings = parse(`GcpRoutes "${name}"`, gcpRoutesSettings, args, (parsed) => gcpProblems(name, parsed));

    if (settings.firewall) letPodsIn(name, settings, { parent: this });
    this.routes = settings.alias ? none<string>() : staticRoutes(name, settings, { parent: this });
    this.aliasIpRanges = settings.alias ? aliasRanges(name, settings, settings.alias, { parent: this }) : none();
    this.completeWith(this.routes, settings.nodes);
    this.registerOutputs({ routes: this.routes, aliasIpRanges: this.aliasIpRanges });
  }
}

interface Parented {
  parent: pulumi.Resource;
}

function none<T>(): pulumi.Output<Record<string, T>> {
  return pulumi.output({}) as pulumi.Output<Record<string, T>>;
}

function staticRoutes(name: string, settings: GcpSettings, options: Parented): pulumi.Output<Routes> {
  const { network, vpc, nodes, quota } = settings;
  const ways = Object.entries(nodes).map(([node, { via, instance, zone }]) =>
    via === undefined
      ? [node, instance ? { forwards: forwards(instance, zone, settings, options) } : {}]
      : [node, { via }],
  );
  const plan = new RoutePlan(
    name,
    {
      cloud: "gcp",
      podCidr: network.podCidr,
      subnets: input(network.subnets),
      nodes: Object.fromEntries(ways),
      tables: { "the VPC network": { id: input(vpc) } },
      taken: { "addresses of its subnetworks": subnetworkAddresses(settings, options) },
      quota,
    },
    options,
  );
  const made = plan.routes.apply((routes) => pulumi.all(makeMany(() => makeRoutes(name, settings, routes, options))));
  return made.apply(() => plan.routes);
}

/** A route in Google Cloud never changes: one by the same name has to go before the one that takes its place. */
function makeRoutes(name: string, settings: GcpSettings, routes: Routes, options: Parented): pulumi.Output<string>[] {
  const { vpc, project, priority, tags } = settings;
  return Object.entries(routes).map(([to, node]) => {
    const routeName = `${name}-${inName(to)}`;
    return new compute.Route(
      routeName,
      {
        name: routeName,
        description: `Pods of ${node}`,
        network: input(vpc),
        ...(project !== undefined && { project }),
        destRange: to,
        ...nextHop(settings, node, Cidr.parse(to).family),
        priority,
        ...(tags.length > 0 && { tags }),
      },
      { ...options, deleteBeforeReplace: true },
    ).urn;
  });
}

function nextHop({ nodes }: GcpSettings, node: string, family: Family) {
  const { instance, zone, ...addresses } = nodes[node] ?? {};
  if (instance === undefined) return { nextHopIp: input(addresses[family] as string) };
  return { nextHopInstance: input(instance), ...(zone !== undefined && { nextHopInstanceZone: input(zone) }) };
}

/** Pods' packets come from pods' addresses. A rule holds ranges of one family. */
function letPodsIn(name: string, { vpc, project, network, tags }: GcpSettings, options: Parented): void {
  for (const range of network.podCidr) {
    const ruleName = `${name}-pods-${Cidr.parse(range).family}`;
    new compute.Firewall(
      ruleName,
      {
        name: ruleName,
        network: input(vpc),
        ...(project !== undefined && { project }),
        description: `Pods of ${name}`,
        sourceRanges: [range],
        allows: [{ protocol: "all" }],
        ...(tags.length > 0 && { targetTags: tags }),
      },
      options,
    );
  }
}
