import * as pulumi from "@pulumi/pulumi";
import { begin } from "../begin";
import type { Inventory, InventoryNode } from "../inventory";
import { applyObjects } from "../kubernetes";
import type { KubernetesObject } from "../kubernetes/object";
import { NetmasterObject } from "../netmaster";
import { connectionOf, prepareNodes } from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import type { FirewallPort } from "../network-nodes/firewall";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { type ContivSettings, complete, conflistPath, hasNetmaster, portsOf } from "./complete";
import { hosts } from "./host";
import { objects } from "./objects";
import { record } from "./record";
import { type ContivNetworkArgs, contivSettings } from "./settings";
import { values } from "./values";

export type { ContivNetworkArgs } from "./settings";

const rooms = {
  network: "contiv",
  component: "ContivNetwork",
  schema: contivSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record,
};

/**
 * Contiv: netplugin and netmaster in Kubernetes or on hosts of Docker, Swarm and Mesos, or Contiv-VPP. Upstream is dead;
 * this is for who runs it still, and for its removal.
 *
 * @example
 * const pods = new ContivNetwork("pods", {
 *   legacy: true,
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: "20.1.0.0/16",
 *   images: { netplugin: "registry.example.com/contiv/netplugin:2019-04" },
 *   tenants: { default: { policies: { web: { rules: { "1": { direction: "in", protocol: "tcp", port: 80, action: "allow" } } } } } },
 * }, { provider: cluster });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class ContivNetwork extends pulumi.ComponentResource {
  /** What firewalls and security groups between the nodes must let through. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;
  /** True with Contiv-VPP; undefined elsewhere, where a NetworkPolicy does nothing. */
  public readonly enforcesPolicy: true | undefined;
  /** Addresses of pods that choose no network of their own, for others to hold themselves apart from. */
  public readonly podCidr: string[];

  constructor(name: string, args: ContivNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:ContivNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    const prepared = prepare(settings, { parent: this, dependsOn: recorded });
    const applied = applyObjects(name, secretly(objects(settings)), {
      parent: this,
      dependsOn: [recorded, ...prepared],
    });
    tellNetmaster(settings, { parent: this, dependsOn: [...prepared, ...applied] });

    this.ports = portsOf(settings);
    this.conflist = conflistPath(settings);
    this.mtu = settings.mtu;
    this.podCidr = settings.podCidr;
    this.enforcesPolicy = settings.mode === "vpp" || undefined;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }
}

/** Nodes are prepared before Contiv comes to them, and cleaned after it has gone. */
function prepare(settings: ContivSettings, options: pulumi.CustomResourceOptions) {
  const { nodes } = settings;
  return nodes ? prepareNodes({ ...settings, nodes }, pulumi.output(hosts(settings)), options) : [];
}

/** Keys and passwords are secrets, also those that were given as text. */
function secretly(all: KubernetesObject[]): KubernetesObject[] {
  return all.map((object) =>
    object.kind === "Secret" ? { ...object, stringData: pulumi.secret(object.stringData) } : object,
  );
}

/** What netmaster keeps, stage after stage, once it runs; and taken from it again while it still does. */
function tellNetmaster(settings: ContivSettings, options: pulumi.CustomResourceOptions): void {
  const { name, nodes, netmaster } = settings;
  if (!hasNetmaster(settings)) return;
  const [first] = byAddress((nodes as Inventory).nodes) as [InventoryNode];
  let after = [options.dependsOn ?? []].flat() as pulumi.Resource[];
  for (const stage of values(settings))
    after = stage.map(
      ({ collection, key, value }) =>
        new NetmasterObject(
          `${name}/${collection}/${key}`,
          { node: first.name, connection: connectionOf(first) as never, url: netmaster.url, collection, key, value },
          // The settings of the cluster are netmaster's own, and stay as long as it does.
          { ...options, dependsOn: after, ...(collection === "globals" && { retainOnDelete: true }) },
        ),
    );
}
