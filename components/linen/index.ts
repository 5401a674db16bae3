import * as pulumi from "@pulumi/pulumi";
import type { Subnets } from "../addresses/plan";
import { AddressPlan } from "../addresses/resource";
import { begin } from "../begin";
import { applyObjects } from "../kubernetes";
import { changeAndProve } from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import { type FirewallPort, udpPort } from "../network-nodes/firewall";
import { recorded } from "../network-nodes/record";
import type { Verification } from "../verification";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { complete, type LinenSettings, pools, settleSeconds } from "./complete";
import { hosts } from "./host";
import { objects } from "./objects";
import { type LinenNetworkArgs, linenSettings } from "./settings";

export type { LinenNetworkArgs } from "./settings";

const rooms = {
  network: "linen",
  component: "LinenNetwork",
  schema: linenSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record: recorded,
};

/**
 * Linen: pods on a Linux bridge of each node, and the bridges joined by Open vSwitch and VXLAN into one layer-2 network.
 *
 * @example
 * new LinenNetwork("pods", {
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: "10.244.0.0/16",
 *   topology: { type: "star", hub: "node1" },
 * });
 *
 * @throws UserError with every problem of the settings at once, at preview, before any node is touched.
 */
export class LinenNetwork extends pulumi.ComponentResource {
  /** Each node's part of podCidr. Once given, it never moves. */
  public readonly subnets: pulumi.Output<Subnets>;
  public readonly podCidr: readonly string[];
  /** The proof that pods of every node reach each other. */
  public readonly verification: Verification;
  /** What a firewall between the nodes must let through. */
  public readonly ports: readonly FirewallPort[] = [udpPort(4789)];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;

  constructor(name: string, args: LinenNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:LinenNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    this.subnets = planSubnets(settings, { parent: this, dependsOn: recorded });
    this.conflist = `${settings.cni.directory}/${settings.cni.fileName}`;
    this.verification = changeNodes(settings, this.subnets, this.conflist, { parent: this, dependsOn: recorded });
    const daemon = objects(settings);
    if (daemon.length > 0) applyObjects(name, daemon, { parent: this, dependsOn: this.verification });

    this.podCidr = settings.podCidr;
    this.mtu = settings.mtu;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu });
  }
}

function changeNodes(
  settings: LinenSettings,
  subnets: pulumi.Output<Subnets>,
  conflist: string,
  options: pulumi.CustomResourceOptions,
): Verification {
  const { cni, mtu } = settings;
  const states = subnets.apply((known) => hosts(settings, known));
  const attachment = {
    conflist,
    binaries: cni.binaries,
    families: ["ipv4" as const],
    mtu,
    settleSeconds: settleSeconds(settings),
  };
  return changeAndProve(settings, states, attachment, options);
}

function planSubnets(settings: LinenSettings, options: pulumi.CustomResourceOptions): pulumi.Output<Subnets> {
  const planned = pools(settings);
  if (planned.length === 0) return pulumi.output<Subnets>({});
  const nodes = byAddress(settings.nodes.nodes).map(({ name }) => name);
  return new AddressPlan(settings.name, { pools: planned, nodes }, options).subnets;
}
