import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { cni } from "../cni";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { deviceName } from "../node/words";

/** How the nodes' bridges are joined. */
const topology = z.discriminatedUnion("type", [
  /** A tunnel from the hub to every other node, as upstream's master and minions are. */
  z.strictObject({ type: z.literal("star"), hub: z.string().min(1) }),
  /** A tunnel from each node to each; a spanning tree or a controller keeps frames from going round. */
  z.strictObject({
    type: z.literal("mesh"),
    /** @default "none" */
    spanningTree: z.enum(["none", "stp", "rstp"]).default("none"),
  }),
]);

/** What may be said of a Linen network. */
export const linenSettings = z.strictObject({
  /** The nodes and how they are reached: `Inventory.fromFile(path)`, `Inventory.of({ ... })`. */
  nodes: inventory,

  /** Addresses of all pods, one IPv4 range: one layer-2 network over all nodes. @default "10.244.0.0/16", upstream's */
  podCidr: oneOrMore(cidr).default(["10.244.0.0/16"]),

  /** Prefix length of a node's part of it. @default 24 */
  nodePrefix: z.int().min(1).max(29).default(24),

  /** Or each node's own part, by node; the first address is its gateway. @default {} (by nodePrefix) */
  ranges: z.record(z.string().min(1), z.strictObject({ start: ipAddress, end: ipAddress })).default({}),

  /** Addresses of services, to be held apart from pods. @default none */
  serviceCidr: oneOrMore(cidr).default([]),

  /** Other ranges in use that pods and services must not overlap, by name. @default {} */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  topology,

  /** An OpenFlow controller of every node's bridge: "tcp:192.0.2.9:6653". @default none */
  controller: z
    .string()
    .regex(/^(tcp|ssl):.+:\d{1,5}$/, 'a target such as "tcp:192.0.2.9:6653"')
    .optional(),

  /**
   * Who makes the tunnels: podnet, when a node is changed, or the plugin `linen` on the nodes, with a node's first pod.
   * @default "podnet"
   */
  tunnelsBy: z.enum(["podnet", "linen"]).default("podnet"),

  /** Linux's bridge, which pods hang on, and Open vSwitch's, which is a port of it. @default upstream's names */
  bridge: deviceName.default("kbr0"),
  ovsBridge: deviceName.default("br0"),

  /** Where Open vSwitch forwards. @default "system" */
  datapath: z.enum(["system", "netdev"]).default("system"),

  /** Each node's address that tunnels begin at. @default the node's own address */
  endpoints: z.record(z.string().min(1), ipAddress).default({}),

  /** Bytes of the largest packet of a pod. @default 1400, upstream's */
  mtu: z.int().min(576).max(65535).default(1400),

  /** What leaves the pods' network takes its node's address. @default true */
  masquerade: z.boolean().default(true),

  /** A pod reaches itself by a service address. @default true */
  hairpin: z.boolean().default(true),

  /**
   * flaxd, which tells the hub of nodes as they come. Needs `tunnelsBy: "linen"`, and an image of your own build:
   * upstream's has no version. @default none
   */
  flaxd: z
    .strictObject({
      /** With its tag or digest. */
      image: z.string().regex(/[:@]/, "an image with its tag or digest"),
      /** @default "kube-system", upstream's */
      namespace: z.string().min(1).default("kube-system"),
    })
    .optional(),

  /** The CNI plugins on the nodes. */
  cni: cni
    .pick({ directory: true, binaries: true, artifacts: true })
    .extend({
      /** Version of the CNI specification: the plugin linen speaks no later one. @default "0.3.1" */
      version: z.enum(["0.3.0", "0.3.1"]).default("0.3.1"),
      /** @default "linen.conflist", which flaxd reads by this name */
      fileName: z
        .string()
        .regex(/^[\w.-]+\.conflist$/, 'a file name that ends in ".conflist"')
        .default("linen.conflist"),
    })
    .prefault({}),

  ...nodeChangeFields,
});

/** A Linen network's settings as they may be written. */
export type LinenNetworkArgs = z.input<typeof linenSettings>;
export type ParsedSettings = z.output<typeof linenSettings>;
