import * as pulumi from "@pulumi/pulumi";
import { families } from "../addresses/families";
import { begin } from "../begin";
import { applyObjects, fingerprint } from "../kubernetes";
import { daemonSettleSeconds, hashOf, type NetworkNodes, prepareNodes, prove } from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import type { FirewallPort } from "../network-nodes/firewall";
import { recorded } from "../network-nodes/record";
import type { NodeState } from "../node";
import type { Verification } from "../verification";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { type CalicoSettings, complete } from "./complete";
import { hosts } from "./host";
import { objects } from "./objects";
import { portsOf } from "./ports";
import { addressesOf, CalicoDefinitions } from "./resource";
import { type CalicoNetworkArgs, calicoSettings } from "./settings";

export { Port } from "./policy/port";
export { Selector } from "./policy/selector";
export type { CalicoNetworkArgs } from "./settings";

const rooms = {
  network: "calico",
  component: "CalicoNetwork",
  schema: calicoSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record: recorded,
};

/**
 * Calico on Kubernetes: pods' addresses, routes or tunnels from node to node, and policy, by podnet's own objects, by
 * Tigera's operator, or for policy alone.
 *
 * @example
 * const pods = new CalicoNetwork("pods", {
 *   crds: { sha256: "…" },
 *   podCidr: "10.244.0.0/16",
 *   serviceCidr: "10.96.0.0/12",
 *   tiers: { guard: { order: 100, defaultAction: "pass" } },
 *   globalPolicies: {
 *     "no-metadata": {
 *       tier: "guard",
 *       selector: Selector.all(),
 *       egress: [{ action: "deny", to: { nets: "169.254.169.254/32" }, ports: Port.tcp(80) }],
 *     },
 *   },
 * }, { provider: cluster });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class CalicoNetwork extends pulumi.ComponentResource {
  /** The proof that pods of every node reach each other; only with an inventory. */
  public readonly verification: Verification | undefined;
  /** What firewalls and security groups between the nodes must let through. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;
  /** Calico's release, which says what policies it knows. */
  public readonly calicoVersion: string;

  constructor(name: string, args: CalicoNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:CalicoNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    const definitions = define(settings, { parent: this, dependsOn: recorded });
    const nodes = prepare(settings, { parent: this, dependsOn: recorded });
    const applied = apply(settings, { parent: this, dependsOn: [recorded, ...definitions, ...nodes] });

    this.verification = proveNetwork(settings, nodes, { parent: this, dependsOn: applied });
    this.ports = portsOf(settings);
    this.conflist = conflistPath(settings);
    this.mtu = settings.mtu;
    this.calicoVersion = settings.version;
    this.registerOutputs({ conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }
}

function conflistPath({ cni }: CalicoSettings): string {
  return `${cni.directory}/${cni.fileName}`;
}

/** In etcd Calico's resources need no definitions. */
function define(settings: CalicoSettings, options: pulumi.ComponentResourceOptions): CalicoDefinitions[] {
  const { name, crds, version, install, datastore } = settings;
  const file = install === "operator" ? "operator-crds.yaml" : "crds.yaml";
  return datastore.type === "etcd" ? [] : [new CalicoDefinitions(name, { crds, version, file }, options)];
}

/** Nodes are prepared before Calico's pods come to them, and cleaned after they have gone. */
function prepare(settings: CalicoSettings, options: pulumi.CustomResourceOptions): NodeState[] {
  const { nodes } = settings;
  return nodes ? prepareNodes({ ...settings, nodes }, pulumi.output(hosts(settings)), options) : [];
}

function apply(settings: CalicoSettings, options: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const { first, second } = objects(settings);
  const addresses = addressesOf(settings, options);
  const applied = applyObjects(settings.name, [...addresses, ...first], options);
  return second.length > 0 ? applyObjects(settings.name, second, { ...options, dependsOn: applied }) : applied;
}

function proveNetwork(settings: CalicoSettings, states: NodeState[], options: pulumi.CustomResourceOptions) {
  const { name, nodes, podCidr, mtu, cni } = settings;
  if (!nodes) return undefined;
  const attachment = {
    conflist: conflistPath(settings),
    binaries: cni.binaries,
    families: families(podCidr),
    mtu,
    settleSeconds: daemonSettleSeconds,
  };
  const { first, second } = objects(settings);
  const triggers = { manifests: hashOf(states), objects: fingerprint([...first, ...second]) };
  return prove(
    name,
    settings satisfies Omit<NetworkNodes, "nodes">,
    byAddress(nodes.nodes),
    attachment,
    triggers,
    options,
  );
}
