import * as pulumi from "@pulumi/pulumi";
import { begin } from "../begin";
import { applyObjects } from "../kubernetes";
import type { KubernetesObject } from "../kubernetes/object";
import { prepareNodes } from "../network-nodes";
import type { FirewallPort } from "../network-nodes/firewall";
import { sha256 } from "../node/kinds/file";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { complete, conflistPath, type NuageSettings, portsOf } from "./complete";
import { hosts } from "./host";
import { objects } from "./objects";
import { record } from "./record";
import { type NuageNetworkArgs, nuageSettings } from "./settings";

export type { NuageNetworkArgs } from "./settings";

const rooms = {
  network: "nuage",
  component: "NuageNetwork",
  schema: nuageSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record,
};

/**
 * Nuage VSP on Kubernetes: the vendor's switch on each node, its plugin, and the monitor that tells the VSD what is in the
 * cluster. VSD, VSC and images are the vendor's.
 *
 * @example
 * const pods = new NuageNetwork("pods", {
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: "70.70.0.0/16",
 *   images: { registry: "registry.example.com/nuage" },
 *   vsd: { address: "vsd.example.com", certificate: config.requireSecret("vsdCertificate"), key: config.requireSecret("vsdKey") },
 *   vrs: { controllers: ["192.0.2.10", "192.0.2.11"] },
 *   monitor: { address: "192.0.2.5", nodes: ["control1"] },
 * }, { provider: cluster });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class NuageNetwork extends pulumi.ComponentResource {
  /** What firewalls and security groups between the nodes must let through. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;
  /** Addresses of all pods, for others to hold themselves apart from. */
  public readonly podCidr: string[];

  constructor(name: string, args: NuageNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:NuageNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    const prepared = prepare(settings, { parent: this, dependsOn: recorded });
    const wanted = objects(settings, { userHash: userHash(settings) }).map(secretly);
    applyObjects(name, wanted, { parent: this, dependsOn: [recorded, ...prepared] });

    this.ports = portsOf(settings);
    this.conflist = conflistPath(settings);
    this.mtu = settings.cni.mtu;
    this.podCidr = settings.podCidr;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }
}

/** Nodes are prepared before Nuage's pods come to them, and cleaned after they have gone. */
function prepare(settings: NuageSettings, options: pulumi.CustomResourceOptions) {
  const { nodes } = settings;
  return nodes ? prepareNodes({ ...settings, nodes }, pulumi.output(hosts(settings)), options) : [];
}

/** Another value when the certificate is another; of the certificate it says nothing. */
function userHash({ vsd }: NuageSettings): pulumi.Output<string> {
  const texts = pulumi.all([pulumi.output(vsd.certificate), pulumi.output(vsd.key)]);
  return pulumi.unsecret(texts.apply((known) => sha256(JSON.stringify(known)).slice(0, 16)));
}

/** Certificates and the registry's password are secrets, also those that were given as text. */
function secretly(object: KubernetesObject): KubernetesObject {
  if (object.kind === "Secret" && object.stringData) return { ...object, stringData: pulumi.secret(object.stringData) };
  if (object.kind !== "NuageCNIConfig") return object;
  const { releaseConfig, ...spec } = object.spec as Record<string, unknown>;
  return { ...object, spec: { ...spec, releaseConfig: pulumi.secret(releaseConfig) } };
}
