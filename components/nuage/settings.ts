import { z } from "zod";
import { cidr, oneOrMore } from "../addresses/schema";
import { cni as bridgeCni } from "../cni";
import { flannelSettings } from "../flannel/settings";
import { kubernetes } from "../flannel/settings-kubernetes";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { cni, images, monitor, operator, vrs, vsd } from "./settings-parts";

const flannel = flannelSettings.shape;
const daemon = kubernetes.shape;

/** What may be said of a Nuage network. Defaults are those of upstream's templates for Kubernetes 1.18 where nothing else is said. */
export const nuageSettings = z.strictObject({
  /**
   * `"daemonsets"`: podnet makes the DaemonSets of upstream's templates. `"operator"`: podnet makes Nuage's operator and
   * its NuageCNIConfig, and the operator the rest.
   * @default "daemonsets"
   */
  install: z.enum(["daemonsets", "operator"]).default("daemonsets"),

  /** The tag of all images, that of your release of VSD and VSC. @default "20.10.6", the newest with public code */
  release: z
    .string()
    .regex(/^[\w][\w.-]{0,127}$/, 'a tag such as "20.10.6"')
    .default("20.10.6"),

  images: images.prefault({}),

  /** The policy server: it must have the enterprise, the domain's template and a user of the group of administrators. */
  vsd,

  /** The switch on each node, and its controllers. */
  vrs,

  /** What watches the cluster and tells the VSD. */
  monitor,

  /** The nodes, to prepare them over SSH and to clean them. @default none: only the Kubernetes API is used */
  nodes: inventory.optional(),

  /** Addresses of all pods: one IPv4 range, parts of which are subnets of the domain. */
  podCidr: oneOrMore(cidr).refine((list) => list.length > 0, "name one range"),

  /** Bits of addresses of each of these subnets. @default 8: 256 addresses */
  subnetBits: z.int().min(2).max(16).default(8),

  /** Addresses of services. @default "10.96.0.0/12", Kubernetes' */
  serviceCidr: oneOrMore(cidr).default(["10.96.0.0/12"]),

  otherRanges: flannel.otherRanges,

  /** Bytes that the nodes' NICs carry. @default the smallest of the inventory, otherwise 1500 */
  underlayMtu: z.int().min(576).max(65535).optional(),

  cni: cni.prefault({}),

  /** Folders of the CNI plugins and their configuration on the nodes. */
  folders: z.strictObject({ directory: bridgeCni.shape.directory, binaries: bridgeCni.shape.binaries }).prefault({}),

  /** A pod on each node that is attached by Nuage, to see that it works. @default false */
  infraTest: z.boolean().default(false),

  /** Packets between nodes are encrypted, by the domain's own setting. @default false */
  encryption: z.boolean().default(false),

  /** strongSwan on each node, which encryption needs where VRS has none of its own. @default false */
  strongswan: z.boolean().default(false),

  /** Pods reach what is outside of the overlay. @default false */
  underlay: z.boolean().default(false),

  /** The VSD counts connections. @default false */
  statistics: z.boolean().default(false),

  /** A namespace gets another subnet when its first is full. @default false */
  autoScaleSubnets: z.boolean().default(false),

  /** With install operator. */
  operator: operator.optional(),

  /** The namespace that everything is in, which stays when the network goes. @default "kube-system", upstream's */
  namespace: daemon.namespace.unwrap().default("kube-system"),

  /** The API server as nodes reach it. @default the first address of serviceCidr, Kubernetes' own service */
  apiServer: daemon.apiServer,

  maxUnavailable: daemon.maxUnavailable,

  openPorts: flannel.openPorts,
  modules: flannel.modules,
  hostManagers: flannel.hostManagers,

  ...nodeChangeFields,
});

/** A Nuage network's settings as they may be written. */
export type NuageNetworkArgs = z.input<typeof nuageSettings>;
export type ParsedSettings = z.output<typeof nuageSettings>;
