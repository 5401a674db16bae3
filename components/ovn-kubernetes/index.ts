import * as pulumi from "@pulumi/pulumi";
import { begin } from "../begin";
import { applyObjects } from "../kubernetes";
import { prepareNodes } from "../network-nodes";
import type { FirewallPort } from "../network-nodes/firewall";
import type { NodeState } from "../node";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { complete, type OvnKubernetesSettings, portsOf } from "./complete";
import { neededDefinitions } from "./definitions";
import { hosts } from "./host";
import { conflist } from "./names";
import { objects } from "./objects";
import { record } from "./record";
import { applyChart, OvnKubernetesDefinitions, webhookCertificate } from "./resource";
import { type OvnKubernetesNetworkArgs, ovnKubernetesSettings } from "./settings";

export type { OvnKubernetesNetworkArgs } from "./settings";

const rooms = {
  network: "ovn-kubernetes",
  component: "OvnKubernetesNetwork",
  schema: ovnKubernetesSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record,
};

/**
 * OVN-Kubernetes: pods, services and policy by OVN and Open vSwitch, with a zone and databases of its own on each node. 1.0
 * by podnet's own objects, 1.3 by upstream's chart.
 *
 * @example
 * const pods = new OvnKubernetesNetwork("pods", {
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   kubernetesVersion: "1.29",
 *   kubeProxy: "absent",
 *   apiServer: "https://192.0.2.10:6443",
 *   serviceCidr: "10.96.0.0/12",
 *   crds: [{ sha256: "…", localPath: "ovn/k8s.ovn.org_egressips.yaml" }],
 *   gateway: { bridge: "made" },
 * }, { provider: cluster });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class OvnKubernetesNetwork extends pulumi.ComponentResource {
  /** Addresses of all pods, for others to hold themselves apart from. */
  public readonly podCidr: string[];
  /** What firewalls and security groups between the nodes must let through. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;

  constructor(name: string, args: OvnKubernetesNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:OvnKubernetesNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    // What the component waits for, such as bridges of others, all of it waits for.
    const before = [recorded, ...([options?.dependsOn ?? []].flat() as pulumi.Resource[])];
    const definitions = define(settings, { parent: this, dependsOn: before });
    const nodes = prepare(settings, { parent: this, dependsOn: before });
    apply(settings, { parent: this, dependsOn: [...before, ...definitions, ...nodes] });

    this.podCidr = settings.podCidr;
    this.ports = portsOf(settings);
    this.conflist = conflist;
    this.mtu = settings.mtu;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }
}

/** The chart has the definitions of its release. */
function define(settings: OvnKubernetesSettings, options: pulumi.ComponentResourceOptions) {
  const { name, crds } = settings;
  if (!Array.isArray(crds)) return [];
  return [new OvnKubernetesDefinitions(name, { files: crds, needed: neededDefinitions(settings) }, options)];
}

/** Nodes are prepared and looked at before OVN comes to them, and cleaned after it has gone. */
function prepare(settings: OvnKubernetesSettings, options: pulumi.CustomResourceOptions): NodeState[] {
  const { nodes } = settings;
  if (!nodes) return [];
  return prepareNodes({ ...settings, nodes, verification: { failOn: "any" } }, pulumi.output(hosts(settings)), options);
}

/** The webhooks last: until what answers them runs, they would stop the status of every pod. */
function apply(settings: OvnKubernetesSettings, options: pulumi.CustomResourceOptions): void {
  const certificate = webhookCertificate(settings, options);
  if (settings.install === "chart") {
    applyChart(settings, certificate, options);
    return;
  }
  const { first, second } = objects(settings, certificate);
  const running = applyObjects(settings.name, first, options);
  applyObjects(settings.name, second, { ...options, dependsOn: running });
}
