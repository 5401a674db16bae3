import * as pulumi from "@pulumi/pulumi";
import { families } from "../addresses/families";
import type { Subnets } from "../addresses/plan";
import { AddressPlan } from "../addresses/resource";
import { begin } from "../begin";
import { EtcdKey } from "../etcd";
import type { Inventory, InventoryNode } from "../inventory";
import { applyObjects, fingerprint } from "../kubernetes";
import {
  carriedBy,
  changeAndProve,
  connectionOf,
  daemonSettleSeconds,
  hashOf,
  type NodeStates,
  prepareNodes,
  prove,
} from "../network-nodes";
import { byAddress } from "../network-nodes/by-address";
import type { FirewallPort } from "../network-nodes/firewall";
import { probedNodes } from "../network-nodes/probed";
import { sha256 } from "../node/kinds/file";
import { type MadeRoutes, routesWithin } from "../routes/within";
import type { Verification } from "../verification";
import { cloudKeysOf, isRoutedByOthers } from "./backends";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { complete, conflistPath, type EtcdSettings, type FlannelSettings, pools, portsOf } from "./complete";
import { conflist } from "./configuration";
import { hosts } from "./host";
import { hasSecrets, secretsFile } from "./host-daemon";
import { objects } from "./objects";
import { record } from "./record";
import { secretNetConf } from "./resource";
import { type FlannelNetworkArgs, flannelSettings } from "./settings";

export type { FlannelNetworkArgs } from "./settings";

/** Settings of a network that has nodes. */
type WithNodes = FlannelSettings & { nodes: Inventory };

const rooms = {
  network: "flannel",
  component: "FlannelNetwork",
  schema: flannelSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record,
};

/**
 * A pod network by flannel: as a DaemonSet in Kubernetes, or as a systemd unit with etcd on hosts without it.
 *
 * @example
 * const pods = new FlannelNetwork("pods", {
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   podCidr: "10.244.0.0/16",
 *   backend: { type: "vxlan", directRouting: true },
 * }, { provider: cluster });
 * export const ports = pods.ports;
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class FlannelNetwork extends pulumi.ComponentResource {
  /** Addresses of all pods, for others to hold themselves apart from. */
  public readonly podCidr: string[];
  /** Each node's pod subnets, in the order of podCidr, where podnet gives them; empty where the cluster does. */
  public readonly subnets: pulumi.Output<Subnets>;
  /** What the setting `routes` made. */
  public readonly routes: MadeRoutes | undefined;
  /** The proof that pods of every node reach each other: with nodes, and where flannel or `routes` bring packets to them. */
  public readonly verification: Verification | undefined;
  /** What firewalls and security groups between the nodes must let through. */
  public readonly ports: FirewallPort[];
  /** Path of the CNI configuration on each node. */
  public readonly conflist: string;
  /** Bytes of the largest packet of a pod; undefined where flanneld finds it out on each node. */
  public readonly mtu: number | undefined;
  readonly #settings: FlannelSettings;

  constructor(name: string, args: FlannelNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:FlannelNetwork", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    const after = { parent: this, dependsOn: recorded };
    this.subnets = planSubnets(settings, after);
    this.routes = routesWithin(settings, this.subnets, after);
    this.verification = settings.etcd
      ? onHosts(settings as WithNodes, settings.etcd, this, after)
      : inKubernetes(settings, this, after);

    this.#settings = settings;
    this.podCidr = settings.podCidr;
    this.ports = portsOf(settings);
    this.conflist = conflistPath(settings);
    this.mtu = settings.mtu;
    this.registerOutputs({ podCidr: this.podCidr, conflist: this.conflist, mtu: this.mtu, ports: this.ports });
  }

  /**
   * Proves with packets that pods of every node reach each other, once what they need is there: the routes of the
   * backends alloc, aws-vpc, gce and ali-vpc, where others make them.
   *
   * @example
   * pods.prove("pods-routed", { dependsOn: routes });
   *
   * @throws UserError when the network was given no nodes, which probes are sent from.
   */
  prove(name: string, options: pulumi.CustomResourceOptions): Verification {
    const nodes = probedNodes(`FlannelNetwork "${this.#settings.name}"`, this.#settings.nodes);
    const triggers = { subnets: this.subnets.apply((subnets) => sha256(JSON.stringify(subnets))) };
    return prove(name, this.#settings, nodes, attachment(this.#settings), triggers, options);
  }
}

function planSubnets(settings: FlannelSettings, options: pulumi.CustomResourceOptions): pulumi.Output<Subnets> {
  if (settings.allocation === "cluster" || !settings.nodes) return pulumi.output<Subnets>({});
  const nodes = byAddress(settings.nodes.nodes).map(({ name }) => name);
  return new AddressPlan(settings.name, { pools: pools(settings), nodes }, options).subnets;
}

function attachment(settings: FlannelSettings) {
  const { cni, podCidr, mtu } = settings;
  return {
    conflist: conflistPath(settings),
    binaries: cni.binaries,
    families: families(podCidr),
    mtu: mtu as number,
    settleSeconds: daemonSettleSeconds,
  };
}

type Planned = Pick<FlannelNetwork, "subnets" | "routes">;

/** Nodes are prepared, then given their subnets where podnet plans them, then flannel is applied, then it is proven. */
function inKubernetes(
  settings: FlannelSettings,
  { subnets, routes }: Planned,
  options: pulumi.CustomResourceOptions,
): Verification | undefined {
  const { name, nodes, allocation, backend: way } = settings;
  const netConfiguration = pulumi.output(secretNetConf("FlannelNetwork", settings));
  const wanted = objects(settings, {
    netConf: netConfiguration,
    hash: pulumi
      .all([netConfiguration, pulumi.output(cloudKeysOf(way))])
      .apply(([text, keys]) => sha256(text + conflist(settings) + JSON.stringify(keys))),
  });
  if (!nodes) {
    applyObjects(name, wanted, options);
    return undefined;
  }
  const states = subnets.apply((known) => hosts(settings, known));
  const prepared = prepareNodes({ ...settings, nodes }, states, options);
  const given = allocation === "podnet" ? giveSubnets(name, nodes, subnets, options) : [];
  const applied = applyObjects(name, wanted, { ...options, dependsOn: [...prepared, ...given] });
  if (isRoutedByOthers(way) && !routes) return undefined;
  const triggers = { manifests: hashOf(prepared), objects: fingerprint(wanted), ...carriedBy(routes) };
  return prove(name, settings, byAddress(nodes.nodes), attachment(settings), triggers, {
    ...options,
    dependsOn: routes ? [...applied, routes] : applied,
  });
}

/**
 * Sets the nodes' podCIDRs. Kubernetes lets them be set once, and keeps them until the Node goes: so a removal leaves
 * them, and the controller manager must not give any (--allocate-node-cidrs=false).
 */
function giveSubnets(
  name: string,
  { nodes }: Inventory,
  subnets: pulumi.Output<Subnets>,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const patches = nodes.map((node) => ({
    apiVersion: "v1",
    kind: "NodePatch",
    metadata: { name: node.name },
    spec: subnets.apply((known) => ({ podCIDR: known[node.name]?.[0], podCIDRs: known[node.name] })),
  }));
  return applyObjects(name, patches, { ...options, retainOnDelete: true });
}

/** flannel's configuration is put into etcd, then the nodes are changed; containers of Docker's cannot be proven by CNI. */
function onHosts(
  settings: WithNodes,
  etcd: EtcdSettings,
  { subnets, routes }: Planned,
  options: pulumi.CustomResourceOptions,
): Verification | undefined {
  const { name, backend: way } = settings;
  const [first] = byAddress(settings.nodes.nodes) as [InventoryNode];
  const { endpoints, tls, username, password, prefix } = etcd;
  const value = secretNetConf("FlannelNetwork", settings);
  const access = { endpoints, ...(tls && { tls }), ...(username && { username, password: pulumi.secret(password) }) };
  const key = new EtcdKey(
    name,
    {
      node: first.name,
      connection: connectionOf(first) as never,
      ...(access as { endpoints: string[] }),
      key: `${prefix}/config`,
      value,
      deletePrefix: `${prefix}/`,
    },
    options,
  );
  const secrets = secretsOf(settings, etcd);
  const configured = pulumi.unsecret(pulumi.output(value).apply(sha256));
  const states: NodeStates = pulumi
    .all([subnets, configured])
    .apply(([known, configuration]) => hosts(settings, known, { configuration, secrets }));
  const after = { ...options, dependsOn: key };
  if (etcd.runtime === "cni" && (routes || !isRoutedByOthers(way)))
    return changeAndProve(settings, states, attachment(settings), after, routes);
  prepareNodes(settings, states, after);
  return undefined;
}

/** The file of flanneld's secrets on hosts. */
function secretsOf(settings: FlannelSettings, { password }: EtcdSettings): pulumi.Output<string> | undefined {
  if (!hasSecrets(settings)) return undefined;
  const values = { ...(password && { FLANNELD_ETCD_PASSWORD: password }), ...cloudKeysOf(settings.backend) };
  return pulumi.secret(values).apply((known) => secretsFile(known as Record<string, string>));
}
