import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { cni as bridgeCni } from "../cni";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { deviceName, moduleName } from "../node/words";
import { networkRoutes } from "../routes/settings";
import { backend } from "./backends";
import { etcd } from "./settings-etcd";
import { kubernetes } from "./settings-kubernetes";

const mtu = z.int().min(576).max(65535).optional();
const prefix = (longest: number) => z.int().min(1).max(longest).optional();

/** The CNI configuration that the flannel plugin reads, and where it and the plugins are on the nodes. */
const cni = z.strictObject({
  /** Version of the CNI specification that the configuration is written in. @default "0.3.1", that of flannel's manifest */
  version: z.enum(["0.3.1", "0.4.0", "1.0.0", "1.1.0"]).default("0.3.1"),
  /** The configuration's name, under which pods' addresses are leased on each node. @default "cbr0", flannel's */
  name: z
    .string()
    .regex(/^[\w-]{1,40}$/, "letters, digits and dashes")
    .default("cbr0"),
  /** Where the container runtime looks for configurations. @default "/etc/cni/net.d" */
  directory: bridgeCni.shape.directory,
  /** Where the plugins are. @default "/opt/cni/bin" */
  binaries: bridgeCni.shape.binaries,
  /** The runtime takes the first file in alphabetical order. @default "10-flannel.conflist" */
  fileName: bridgeCni.shape.fileName.unwrap().default("10-flannel.conflist"),
  /** Plugins that podnet puts on the nodes, by name: bridge, host-local, portmap and loopback must be there. @default {} */
  artifacts: bridgeCni.shape.artifacts,
});

/** What may be said of a flannel network. */
export const flannelSettings = z.strictObject({
  /**
   * `"kubernetes"`: flanneld runs as a DaemonSet, and nodes have the subnets that Kubernetes says.
   * `"etcd"`: flanneld runs as a systemd unit on hosts that need no Kubernetes, and leases each its subnet in etcd.
   * @default "kubernetes"
   */
  mode: z.enum(["kubernetes", "etcd"]).default("kubernetes"),

  /** flannel's version on the nodes, which options and the DaemonSet go by. @default "0.28.9" */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version such as "0.28.9"')
    .default("0.28.9"),

  /**
   * The nodes and how they are reached: `Inventory.fromFile(path)`. Needed on hosts without Kubernetes; in Kubernetes
   * with them podnet prepares the nodes, proves the network with packets, and takes everything away again.
   * @default none
   */
  nodes: inventory.optional(),

  /** Addresses of all pods, one range for each address family. In Kubernetes: the cluster CIDR, or one that holds it. */
  podCidr: oneOrMore(cidr).refine((list) => list.length > 0, "name at least one range"),

  /** Prefix length of a node's pod subnet. @default ipv4: 24; ipv6: 64; 2 longer than a range that is too small for 4 of them */
  nodePrefix: z.strictObject({ ipv4: prefix(30), ipv6: prefix(126) }).prefault({}),

  /**
   * Who gives each node its subnet: `"podnet"`, by a plan that is known at preview and never moves, or `"cluster"`,
   * Kubernetes' controller manager, or flanneld itself by its lease in etcd.
   * @default "cluster" in Kubernetes, "podnet" in etcd and wherever routes are made by others for nodes of an inventory
   */
  allocation: z.enum(["podnet", "cluster"]).optional(),

  /** Addresses of services, to be held apart from pods. @default none */
  serviceCidr: oneOrMore(cidr).default([]),

  /** Other ranges in use that pods and services must not overlap, by name: other clusters, VPNs, VPCs. @default none */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  /** How packets get from node to node. @default { type: "vxlan" } */
  backend: backend.prefault({ type: "vxlan" }),

  /**
   * Makes the routes to pods, with the backends alloc, aws-vpc, gce and ali-vpc, and has the network proven by them:
   * `(name, network, options) => new AwsRoutes(name, { network, vpc, nodes, tables }, options)`.
   * @default none: others make them, and `prove` proves the network then
   */
  routes: networkRoutes.optional(),

  /**
   * Bytes that the nodes' NICs carry.
   * @default the smallest of the inventory, where a cloud's backend has its NICs' (`nicMtu`) for nodes that do not say
   * theirs; without an inventory, flanneld looks at each node's own
   */
  underlayMtu: mtu,

  /** Bytes of the largest packet of a pod. @default underlayMtu less what the backend puts before each packet */
  mtu,

  /**
   * How flanneld finds the NIC whose address other nodes send to, by one of these.
   * @default the NIC that the inventory names when it is one for all nodes, otherwise that of the default route
   */
  iface: z
    .strictObject({
      /** Names or addresses of NICs; each node takes the first that it has. */
      names: oneOrMore(z.union([ipAddress, deviceName])).optional(),
      /** A regular expression (Go's) for the NIC's address, or its name. */
      regex: z.string().min(1).optional(),
      /** The NIC by which this address is reached. */
      canReach: ipAddress.optional(),
    })
    .prefault({}),

  /** Packets that leave the cluster take their node's address. Pod to pod is never translated. @default true */
  masquerade: z.boolean().default(true),

  /** Masqueraded connections take random source ports, so that two of them never race for one. @default true */
  randomPorts: z.boolean().default(true),

  /**
   * How flanneld writes its rules; kube-proxy should use the same. `"nftables"` (experimental in flannel) still needs
   * the iptables programs in its image.
   * @default "iptables"
   */
  netfilter: z.enum(["iptables", "nftables"]).default("iptables"),

  /** Seconds between flanneld's looks at its rules. @default 5, flannel's */
  rulesResyncSeconds: z.int().min(1).max(3600).default(5),

  /** flanneld accepts pods' packets in FORWARD, which Docker and others set to DROP. @default true */
  forwardRules: z.boolean().default(true),

  /** Packets to pods that are gone end on their node and do not go to the default gateway. Needs 0.28.1. @default false */
  blackholeRoute: z.boolean().default(false),

  /** The backend's ports are accepted on the nodes, ahead of other rules of iptables' INPUT. @default false */
  openPorts: z.boolean().default(false),

  /** Kernel modules besides those that the backend needs; "ip_tables" where flanneld's image has the legacy tools. @default [] */
  modules: z.array(moduleName).default([]),

  /** False has the kernel compute the checksums of tunnelled packets, where a NIC's offloading of them is broken. Needs ethtool. @default true */
  checksumOffload: z.boolean().default(true),

  /** Services on the nodes that would undo foreign network state, and are told not to. */
  hostManagers: z
    .strictObject({
      /** NetworkManager leaves flannel's devices and the pods' alone. @default false */
      networkManager: z.boolean().default(false),
      /** systemd-networkd keeps routes that it did not make, after its next start. @default false */
      networkd: z.boolean().default(false),
    })
    .prefault({}),

  /** The CNI configuration and plugins. */
  cni: cni.prefault({}),

  /** A pod reaches itself by a service address. @default true */
  hairpin: z.boolean().default(true),

  /** `hostPort` of pods works (the portmap plugin). @default true */
  portMappings: z.boolean().default(true),

  /** Only with `mode: "kubernetes"`. */
  kubernetes: kubernetes.optional(),

  /** Only with `mode: "etcd"`. */
  etcd: etcd.optional(),

  ...nodeChangeFields,
});

/** A flannel network's settings as they may be written. */
export type FlannelNetworkArgs = z.input<typeof flannelSettings>;
export type ParsedSettings = z.output<typeof flannelSettings>;
