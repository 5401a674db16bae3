import * as pulumi from "@pulumi/pulumi";
import type { Subnets } from "../addresses/plan";
import { AddressPlan } from "../addresses/resource";
import { begin } from "../begin";
import { type RouterRoute, routerRoutes } from "../bridge/routes";
import { applyObjects } from "../kubernetes";
import { changeAndProve, prepareNodes } from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import type { FirewallPort } from "../network-nodes/firewall";
import { type MadeRoutes, routesWithin } from "../routes/within";
import type { Verification } from "../verification";
import { bridgeOf } from "./bridge";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { complete, isPlanned, pools, portsOf, type RomanaSettings, type WithNodes } from "./complete";
import { hosts } from "./host";
import { files } from "./names";
import { objects } from "./objects";
import { record } from "./record";
import { type RomanaNetworkArgs, romanaSettings } from "./settings";
import { topologyText } from "./topology";

export type { RomanaNetworkArgs } from "./settings";

const rooms = {
  network: "romana",
  component: "RomanaNetwork",
  schema: romanaSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record,
};

/**
 * Romana: pods' packets go by routes from node to node, and nothing is put before them. With Romana's own programs, or
 * without them, from subnets and routes that podnet plans.
 *
 * @example
 * const pods = new RomanaNetwork("pods", {
 *   attach: "cni",
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: "10.112.0.0/12",
 * });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class RomanaNetwork extends pulumi.ComponentResource {
  /** Addresses of all pods, for others to hold themselves apart from, and for routes in a cloud. */
  public readonly podCidr: string[];
  /** Each node's pod subnets, where podnet plans them; empty where Romana divides the range by itself. */
  public readonly subnets: pulumi.Output<Subnets>;
  /** What the setting `routes` made. */
  public readonly routes: MadeRoutes | undefined;
  /** What routers between segments must know, with routing "nodes". */
  public readonly routerRoutes: pulumi.Output<RouterRoute[]>;
  /** The proof that pods of every node reach each other: with attach "cni". */
  public readonly verification: Verification | undefined;
  /** What firewalls and security groups between the nodes must let through, beside packets of pods themselves. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;
  /** Whether NetworkPolicy is enforced; what of it, PolicyBaseline says. */
  public readonly enforcesPolicy: boolean;

  constructor(name: string, args: RomanaNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:RomanaNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    const after = { parent: this, dependsOn: recorded };
    this.subnets = planSubnets(settings, after);
    this.routes = routesWithin(settings, this.subnets, after);
    this.verification = settings.programs
      ? byPrograms(settings, this.subnets, after)
      : byPlugins(settings as WithNodes, this.subnets, after, this.routes);

    this.routerRoutes = this.subnets.apply((subnets) => routesForRouters(settings, subnets));
    this.podCidr = settings.podCidr;
    this.ports = portsOf(settings);
    this.conflist = conflistPath(settings);
    this.mtu = settings.mtu;
    this.enforcesPolicy = settings.policies;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }
}

function conflistPath({ attach }: RomanaSettings): string {
  return attach === "cni" ? `/etc/cni/net.d/${files.cni}` : files.romana;
}

function planSubnets(settings: RomanaSettings, options: pulumi.CustomResourceOptions): pulumi.Output<Subnets> {
  if (!isPlanned(settings)) return pulumi.output<Subnets>({});
  const nodes = byAddress(settings.nodes.nodes).map(({ name }) => name);
  return new AddressPlan(settings.name, { pools: pools(settings), nodes }, options).subnets;
}

function routesForRouters(settings: RomanaSettings, subnets: Subnets): RouterRoute[] {
  return settings.routing.type === "nodes" && isPlanned(settings) ? routerRoutes(bridgeOf(settings), subnets) : [];
}

/** Nodes are prepared before Romana's programs come to them, which no probe pod can be attached by. */
function byPrograms(
  settings: RomanaSettings,
  subnets: pulumi.Output<Subnets>,
  options: pulumi.CustomResourceOptions,
): undefined {
  const { name, nodes } = settings;
  const states = subnets.apply((known) => hosts(settings, known));
  const prepared = nodes ? prepareNodes({ ...settings, nodes }, states, options) : [];
  const topology = subnets.apply((known) => topologyText(settings, known));
  const dependsOn = nodes ? prepared : options.dependsOn;
  applyObjects(name, objects(settings, topology), { ...options, dependsOn } as pulumi.CustomResourceOptions);
}

/** Nodes change batch after batch, each proven by packets; services then get their addresses. */
function byPlugins(
  settings: WithNodes,
  subnets: pulumi.Output<Subnets>,
  options: pulumi.CustomResourceOptions,
  routes: MadeRoutes | undefined,
): Verification {
  const states = subnets.apply((known) => hosts(settings, known));
  const { mtu } = settings;
  const attachment = { conflist: conflistPath(settings), binaries: "/opt/cni/bin", families: ["ipv4" as const], mtu };
  const proven = changeAndProve(settings, states, attachment, options, routes);
  const patches = objects(settings, undefined);
  if (patches.length > 0) applyObjects(settings.name, patches, { ...options, dependsOn: proven });
  return proven;
}
