import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { cni } from "../cni";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { deviceName } from "../node/words";
import { networkRoutes } from "../routes/settings";
import { programs } from "./settings-programs";
import { networkName, topology } from "./settings-topology";

/** Who makes the routes between nodes. */
const routing = z.discriminatedUnion("type", [
  /** Romana's agent, in a table of its own, for nodes of one segment. */
  z.strictObject({ type: z.literal("agent") }),
  /** podnet, as a part of each node's state. */
  z.strictObject({ type: z.literal("nodes") }),
  /** The setting `routes`, in a cloud's tables. */
  z.strictObject({ type: z.literal("routes") }),
  /** Romana's own programs for AWS, in the VPC's table. */
  z.strictObject({ type: z.literal("vpc-router") }),
  /** Romana's route publisher and BIRD, which tell routers. */
  z.strictObject({
    type: z.literal("bgp"),
    /** The nodes' AS number. @default 65534, Romana's */
    asn: z.int().min(1).max(4294967295).default(65534),
    /** Routers that each node speaks to. */
    neighbors: z.array(z.strictObject({ address: ipAddress, asn: z.int().min(1).max(4294967295) })).min(1),
  }),
]);

/** What may be said of a Romana network. */
export const romanaSettings = z.strictObject({
  /**
   * Who gives pods their addresses and attaches them: `"romana"`, Romana's own programs, which are dead since 2018 and
   * need `legacy: true`; `"cni"`, the bridge plugin from the subnets that podnet plans, with Romana's addresses and routes
   * and none of its programs.
   * @default "romana"
   */
  attach: z.enum(["romana", "cni"]).default("romana"),

  /** Run Romana's programs, which get no fixes. @default false */
  legacy: z.boolean().default(false),

  /**
   * The nodes and how they are reached: `Inventory.fromFile(path)`. With them podnet plans each node's subnet, makes its
   * routes and takes everything away again.
   * @default none: only the Kubernetes API is used
   */
  nodes: inventory.optional(),

  /** Addresses of all pods, one IPv4 range. @default "10.112.0.0/12", Romana's for kubeadm */
  podCidr: oneOrMore(cidr).default(["10.112.0.0/12"]),

  /** Prefix length of a node's subnet, where each node has one. @default 24 */
  nodePrefix: z.int().min(2).max(30).default(24),

  /** Addresses of services; Romana's own two are taken from it. @default "10.96.0.0/12", kubeadm's */
  serviceCidr: oneOrMore(cidr).default(["10.96.0.0/12"]),

  /** Other ranges in use that pods and services must not overlap, by name. @default none */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  /**
   * Parts of podCidr that Romana gives addresses of, by name.
   * @default { "romana-network": all of podCidr }
   */
  networks: z
    .record(
      networkName,
      z.strictObject({
        /** A part of podCidr. */
        cidr,
        /** Prefix length of a block, which one node has at a time. @default 29, Romana's */
        blockMask: z.int().min(8).max(32).default(29),
        /** Namespaces whose pods have addresses of it. @default [] (all) */
        tenants: z.array(z.string().min(1)).default([]),
      }),
    )
    .default({}),

  /** How the range is divided. @default { type: "nodes" } with `nodes`, otherwise { type: "groups" } */
  topology: topology.optional(),

  /** Who makes the routes between nodes. @default "routes" where that is set, "nodes" with attach "cni", otherwise "agent" */
  routing: routing.optional(),

  /**
   * Makes the routes to pods in a cloud's tables, and has the network proven by them:
   * `(name, network, options) => new AwsRoutes(name, { network, vpc, nodes, tables }, options)`.
   * @default none
   */
  routes: networkRoutes.optional(),

  /** Bytes of the largest packet of a pod: nothing is put before it. @default what the smallest NIC carries, otherwise 1500 */
  mtu: z.int().min(576).max(65535).optional(),

  /** Packets that leave the cluster take their node's address. @default true */
  masquerade: z.boolean().default(true),

  /** The NIC that Romana's agent masquerades at. @default that of the default route */
  natInterface: deviceName.optional(),

  /**
   * Enforce NetworkPolicy by Romana's listener, which reads them from an API that Kubernetes 1.16 took away.
   * @default false
   */
  policies: z.boolean().default(false),

  /** The cluster's Kubernetes, for what depends on it. @default one of today's */
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d{1,2}(\.\d+)?$/, 'a version such as "1.15"')
    .optional(),

  /** Addresses at which services are reached from outside, by "namespace/service". @default {} */
  vips: z
    .record(
      z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, '"namespace/service"'),
      z.strictObject({
        ip: ipAddress,
        /** The node that has the address. @default with `policies` Romana's choice; otherwise it must be said */
        node: z.string().min(1).optional(),
      }),
    )
    .default({}),

  /** Ports of Romana's programs and of BGP are accepted on the nodes, ahead of other rules of iptables' INPUT. @default false */
  openPorts: z.boolean().default(false),
  /** NetworkManager leaves Romana's devices alone. @default false */
  networkManager: z.boolean().default(false),
  /** With attach "cni": plugins that podnet puts into /opt/cni/bin, by name: bridge, host-local, portmap and loopback must be there. @default {} */
  artifacts: cni.shape.artifacts,

  /** Only with attach "romana". */
  programs: programs.optional(),

  ...nodeChangeFields,
});

/** A Romana network's settings as they may be written. */
export type RomanaNetworkArgs = z.input<typeof romanaSettings>;
export type ParsedSettings = z.output<typeof romanaSettings>;
