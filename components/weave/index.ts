import * as pulumi from "@pulumi/pulumi";
import { begin } from "../begin";
import { applyObjects, fingerprint } from "../kubernetes";
import { daemonSettleSeconds, hashOf, prepareNodes, prove } from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import type { FirewallPort } from "../network-nodes/firewall";
import type { NodeState } from "../node";
import type { Verification } from "../verification";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { complete, portsOf, type WeaveSettings } from "./complete";
import { hosts } from "./host";
import { binaries, conflist } from "./names";
import { type GivenPassword, objects } from "./objects";
import { markOf, passwordFile } from "./password";
import { record } from "./record";
import { type WeaveNetworkArgs, weaveSettings } from "./settings";

export type { WeaveNetworkArgs } from "./settings";

const rooms = {
  network: "weave",
  component: "WeaveNetwork",
  schema: weaveSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record,
};

/**
 * Weave Net: as a DaemonSet in Kubernetes, or under systemd beside Docker, with WeaveDNS, or Mesos.
 *
 * @example
 * const pods = new WeaveNetwork("pods", {
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: "10.32.0.0/12",
 *   clusterCidr: "10.32.0.0/12",
 *   password: config.requireSecret("weavePassword"),
 * }, { provider: cluster });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class WeaveNetwork extends pulumi.ComponentResource {
  /** Addresses of all pods, for others to hold themselves apart from. */
  public readonly podCidr: string[];
  /** The proof that pods of every node reach each other: in Kubernetes, with nodes. */
  public readonly verification: Verification | undefined;
  /** What firewalls and security groups between the nodes must let through. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod. */
  public readonly mtu: number;
  /** Whether NetworkPolicy is enforced; what of it, PolicyBaseline says. */
  public readonly enforcesPolicy: boolean;

  constructor(name: string, args: WeaveNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:WeaveNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    const prepared = prepare(settings, { parent: this, dependsOn: recorded });
    this.verification = settings.kubernetes && inKubernetes(settings, prepared, { parent: this, dependsOn: recorded });

    this.podCidr = settings.podCidr;
    this.ports = portsOf(settings);
    this.conflist = conflist;
    this.mtu = settings.mtu;
    this.enforcesPolicy = settings.mode === "kubernetes" && settings.policy;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }
}

/** Nodes are prepared before Weave comes to them, and cleaned after it has gone; without Kubernetes Weave is among it. */
function prepare(settings: WeaveSettings, options: pulumi.CustomResourceOptions): NodeState[] {
  const { name, nodes } = settings;
  if (!nodes) return [];
  const password = passwordOf(settings);
  const known = password && {
    file: password.apply(passwordFile),
    marked: (text: string) => password.apply((one) => `${text}# password ${markOf(name, one)}\n`),
  };
  // By apply: what is secret in a state stays a value of its own, and a preview shows the rest.
  const states = pulumi.output(name).apply(() => hosts(settings, known));
  return prepareNodes({ ...settings, nodes }, states, options);
}

function inKubernetes(
  settings: WeaveSettings,
  prepared: NodeState[],
  options: pulumi.CustomResourceOptions,
): Verification | undefined {
  const { name, nodes, mtu } = settings;
  const wanted = objects(settings, givenPassword(settings));
  const applied = applyObjects(name, wanted, { ...options, dependsOn: nodes ? prepared : options.dependsOn } as never);
  if (!nodes) return undefined;
  const settleSeconds = daemonSettleSeconds;
  const attachment = { conflist, binaries, families: ["ipv4" as const], mtu, settleSeconds };
  const triggers = { manifests: hashOf(prepared), objects: fingerprint(wanted) };
  return prove(name, settings, byAddress(nodes.nodes), attachment, triggers, { ...options, dependsOn: applied });
}

function passwordOf({ password }: WeaveSettings): pulumi.Output<string> | undefined {
  return password === undefined ? undefined : pulumi.secret(password as pulumi.Input<string>);
}

function givenPassword(settings: WeaveSettings): GivenPassword | undefined {
  const text = passwordOf(settings);
  return text && { text, mark: text.apply((known) => markOf(settings.name, known)) };
}
