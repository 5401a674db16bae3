import * as pulumi from "@pulumi/pulumi";
import { families } from "../addresses/families";
import { begin } from "../begin";
import { CalicoDefinitions } from "../calico/resource";
import { isRoutedByOthers } from "../flannel/backends";
import { portsOf } from "../flannel/complete";
import { record as recordFlannel } from "../flannel/record";
import { secretNetConf } from "../flannel/resource";
import { applyObjects, fingerprint } from "../kubernetes";
import { daemonSettleSeconds, hashOf, prepareNodes, prove } from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import type { FirewallPort } from "../network-nodes/firewall";
import { probedNodes } from "../network-nodes/probed";
import type { NodeState } from "../node";
import { sha256 } from "../node/kinds/file";
import type { Verification } from "../verification";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { type CanalSettings, complete, flannelOf } from "./complete";
import { hosts } from "./host";
import { objects } from "./objects";
import { type CanalNetworkArgs, canalSettings } from "./settings";

export type { CanalNetworkArgs } from "./settings";

const rooms = {
  network: "canal",
  component: "CanalNetwork",
  schema: canalSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record: recordFlannel,
};

/**
 * Canal on Kubernetes: flannel brings packets from node to node, Calico attaches pods and enforces policy, in one pod a
 * node.
 *
 * @example
 * const pods = new CanalNetwork("pods", {
 *   crds: { sha256: "…" },
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: "10.244.0.0/16",
 *   backend: { type: "vxlan", directRouting: true },
 * }, { provider: cluster });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class CanalNetwork extends pulumi.ComponentResource {
  /** The proof that pods of every node reach each other: with an inventory, and where flannel itself brings packets. */
  public readonly verification: Verification | undefined;
  /** What firewalls and security groups between the nodes must let through. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;
  /** Calico's release, which says what policies it knows. */
  public readonly calicoVersion: string;
  /** Addresses of all pods, for others to hold themselves apart from. */
  public readonly podCidr: string[];
  readonly #settings: CanalSettings;
  readonly #triggers: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: CanalNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:CanalNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    const definitions = define(settings, { parent: this, dependsOn: recorded });
    const nodes = prepare(settings, { parent: this, dependsOn: recorded });
    const wanted = objects(settings, configurationOf(settings));
    const applied = applyObjects(name, wanted, { parent: this, dependsOn: [recorded, ...definitions, ...nodes] });

    const triggers = { manifests: hashOf(nodes), objects: fingerprint(wanted) };
    this.verification = proveNetwork(settings, triggers, { parent: this, dependsOn: applied });
    this.ports = portsOf(flannelOf(settings));
    this.conflist = conflistPath(settings);
    this.mtu = settings.mtu;
    this.calicoVersion = settings.version;
    this.podCidr = settings.podCidr;
    this.#settings = settings;
    this.#triggers = triggers;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }

  /**
   * Proves with packets that pods of every node reach each other, once what they need is there: the routes of the
   * backends alloc, aws-vpc, gce and ali-vpc, which this network does not make.
   *
   * @example
   * pods.prove("pods-routed", { dependsOn: routes });
   *
   * @throws UserError when the network was given no nodes, which probes are sent from.
   */
  prove(name: string, options: pulumi.CustomResourceOptions): Verification {
    const settings = this.#settings;
    const nodes = probedNodes(`CanalNetwork "${settings.name}"`, settings.nodes);
    return prove(name, settings, nodes, attachment(settings), this.#triggers, options);
  }
}

function conflistPath({ cni }: CanalSettings): string {
  return `${cni.directory}/${cni.fileName}`;
}

/** In etcd Calico's resources need no definitions. */
function define({ name, crds, version, datastore }: CanalSettings, options: pulumi.ComponentResourceOptions) {
  return datastore.type === "etcd" ? [] : [new CalicoDefinitions(name, { crds, version, file: "crds.yaml" }, options)];
}

/** Nodes are prepared before Canal's pods come to them, and cleaned after they have gone. */
function prepare(settings: CanalSettings, options: pulumi.CustomResourceOptions): NodeState[] {
  const { nodes } = settings;
  return nodes ? prepareNodes({ ...settings, nodes }, pulumi.output(hosts(settings)), options) : [];
}

/** flannel's configuration and its hash; with a pre-shared key in it, secrets. */
function configurationOf(settings: CanalSettings): { netConf: unknown; hash: unknown } {
  const { datastore } = settings;
  const flannel = { ...flannelOf(settings), ...(datastore.type === "etcd" && { mode: "etcd" as const }) };
  const written = secretNetConf("CanalNetwork", flannel);
  return { netConf: written, hash: typeof written === "string" ? sha256(written) : written.apply(sha256) };
}

function attachment(settings: CanalSettings) {
  const { podCidr, mtu, cni } = settings;
  return {
    conflist: conflistPath(settings),
    binaries: cni.binaries,
    families: families(podCidr),
    mtu,
    settleSeconds: daemonSettleSeconds,
  };
}

function proveNetwork(
  settings: CanalSettings,
  triggers: Record<string, pulumi.Output<string>>,
  options: pulumi.CustomResourceOptions,
): Verification | undefined {
  const { name, nodes, backend: way } = settings;
  if (!nodes || isRoutedByOthers(way)) return undefined;
  return prove(name, settings, byAddress(nodes.nodes), attachment(settings), triggers, options);
}
