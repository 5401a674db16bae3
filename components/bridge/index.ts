import * as pulumi from "@pulumi/pulumi";
import { families } from "../addresses/families";
import type { Subnets } from "../addresses/plan";
import { AddressPlan } from "../addresses/resource";
import { begin } from "../begin";
import { changeAndProve } from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import { type MadeRoutes, routesWithin } from "../routes/within";
import type { Verification } from "../verification";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { type BridgeSettings, complete, pools } from "./complete";
import { hosts } from "./host";
import { record } from "./record";
import { type RouterRoute, routerRoutes } from "./routes";
import { type BridgeNetworkArgs, bridgeSettings } from "./settings";

export type { RouterRoute } from "./routes";
export type { BridgeNetworkArgs } from "./settings";

const rooms = {
  network: "bridge",
  component: "BridgeNetwork",
  schema: bridgeSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record,
};

/**
 * A pod network of Linux bridges on bare-metal nodes: routed, with a subnet behind a bridge of each node, or flat, with
 * pods in the physical network.
 *
 * @example
 * const pods = new BridgeNetwork("pods", {
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: ["10.244.0.0/16", "fd00:10:244::/48"],
 *   serviceCidr: "10.96.0.0/12",
 *   rollout: { batch: "25%" },
 * });
 * export const matrix = pods.verification.matrix;
 *
 * @throws UserError with every problem of the settings at once, at preview, before any node is touched.
 */
export class BridgeNetwork extends pulumi.ComponentResource {
  /** Each node's pod subnets, in the order of podCidr. Once given, they never move. */
  public readonly subnets: pulumi.Output<Subnets>;
  /** Addresses of all pods, one range for each address family. */
  public readonly podCidr: readonly string[];
  /** The proof that pods of every node reach each other. */
  public readonly verification: Verification;
  /** What routers between segments must know, when they are the way to other segments' pods. */
  public readonly routerRoutes: pulumi.Output<RouterRoute[]>;
  /** What the setting `routes` made. */
  public readonly routes: MadeRoutes | undefined;
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;

  constructor(name: string, args: BridgeNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:BridgeNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    this.subnets = planSubnets(settings, { parent: this, dependsOn: recorded });
    this.routes = routesWithin(settings, this.subnets, { parent: this, dependsOn: recorded });
    const proven = changeNodes(settings, this.subnets, { parent: this, dependsOn: recorded }, this.routes);

    this.verification = proven;
    this.routerRoutes = this.subnets.apply((subnets) => routerRoutes(settings, subnets));
    this.podCidr = settings.podCidr;
    this.conflist = conflistPath(settings);
    this.mtu = settings.mtu;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu });
  }
}

function conflistPath({ cni }: BridgeSettings): string {
  return `${cni.directory}/${cni.fileName}`;
}

function planSubnets(settings: BridgeSettings, options: pulumi.CustomResourceOptions): pulumi.Output<Subnets> {
  const nodes = byAddress(settings.nodes.nodes).map((node) => node.name);
  const planned = pools(settings);
  if (planned.length === 0) return pulumi.output(Object.fromEntries(nodes.map((node) => [node, [] as string[]])));
  return new AddressPlan(settings.name, { pools: planned, nodes }, options).subnets;
}

function changeNodes(
  settings: BridgeSettings,
  subnets: pulumi.Output<Subnets>,
  options: pulumi.CustomResourceOptions,
  routes: MadeRoutes | undefined,
): Verification {
  const states = subnets.apply((known) => hosts(settings, known));
  const attachment = {
    conflist: conflistPath(settings),
    binaries: settings.cni.binaries,
    families: families(settings.podCidr),
    mtu: settings.mtu,
  };
  return changeAndProve(settings, states, attachment, options, routes);
}
