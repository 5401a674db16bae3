import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { cni } from "../cni";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { absolutePath, moduleName } from "../node/words";
import { secretText } from "../secret-text";
import { hosts } from "./settings-hosts";
import { kubernetes } from "./settings-kubernetes";

const mtu = z.int().min(576).max(65535).optional();
const peer = z.string().regex(/^[\w.:-]+$/, "an address or a name of a peer");
/** An address to listen at, as Go writes it: ":6781", "127.0.0.1:6784". */
const listen = z.string().regex(/^[\w.-]*:\d{1,5}$/, 'an address and a port, such as "127.0.0.1:6784"');

/** How packets get from node to node. */
const transport = z.discriminatedUnion("type", [
  /** By the kernel's Open vSwitch and VXLAN on UDP 6784; with a password, in IPsec. */
  z.strictObject({ type: z.literal("fastdp") }),
  /** By weaver itself, in UDP 6783: slower, and through whatever lets UDP pass. */
  z.strictObject({ type: z.literal("sleeve") }),
  /** By routes that weaver writes into the VPC's route table: no overlay. */
  z.strictObject({ type: z.literal("awsvpc") }),
]);

/** Which peers divide the range among themselves, when the network begins. */
const ipamInit = z.union([
  z.literal("observer"),
  z.strictObject({ consensus: z.int().min(1) }),
  z.strictObject({ seed: z.array(peer).min(1) }),
]);

/** What may be said of a Weave network. */
export const weaveSettings = z.strictObject({
  /**
   * `"kubernetes"`: a DaemonSet. `"docker"`: weave under systemd, with WeaveDNS, Docker's plugin and its proxy.
   * `"mesos"`: the same, for Mesos' CNI.
   * @default "kubernetes"
   */
  mode: z.enum(["kubernetes", "docker", "mesos"]).default("kubernetes"),

  /**
   * Whose releases: `"reweave"`, the fork that is kept (github.com/rajch/weave), or `"weaveworks"`, the original, which is
   * archived and needs `legacy: true`.
   * @default "reweave"
   */
  edition: z.enum(["reweave", "weaveworks"]).default("reweave"),

  /** Weave's release. @default "2.9.0" of reweave, "2.8.1" of weaveworks: the newest of each */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version such as "2.9.0"')
    .optional(),

  /** Make what gets no fixes any more: the edition weaveworks, or Mesos. @default false */
  legacy: z.boolean().default(false),

  /**
   * The nodes and how they are reached: `Inventory.fromFile(path)`. Needed for docker and mesos; in Kubernetes with them
   * podnet prepares the nodes, proves the network with packets, and takes everything away again.
   * @default none
   */
  nodes: inventory.optional(),

  /** How many nodes there are, when `nodes` is not given. @default those of `nodes`, otherwise 1 */
  nodeCount: z.int().min(1).optional(),

  /**
   * Addresses of all pods, one IPv4 range: IPALLOC_RANGE. Weave gives them out by itself, and does not look at the
   * podCIDRs of nodes.
   * @default "10.32.0.0/12", Weave's
   */
  podCidr: oneOrMore(cidr).default(["10.32.0.0/12"]),

  /** kube-proxy's --cluster-cidr, to be held against podCidr. @default not known */
  clusterCidr: cidr.optional(),

  /** Addresses of services, to be held apart from pods. @default none */
  serviceCidr: oneOrMore(cidr).default([]),

  /** Other ranges in use that pods must not overlap, by name: routes of the hosts, other clusters, VPNs. @default none */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  /** How packets get from node to node. @default { type: "fastdp" } */
  transport: transport.default({ type: "fastdp" }),

  /** Bytes that the nodes' NICs carry. @default the smallest of the inventory */
  underlayMtu: mtu,

  /**
   * Bytes of the largest packet of a pod: WEAVE_MTU.
   * @default underlayMtu less 87, which is the most that Weave puts before a packet; with awsvpc underlayMtu; where that
   * is not known 1376, Weave's
   */
  mtu,

  /**
   * Encrypts what peers say, and packets between them: a Pulumi secret, or text, which becomes one. All peers have the
   * same.
   * @default none: nothing is encrypted
   */
  password: secretText.optional(),

  /** Ranges of nodes among which packets are not encrypted. @default [] */
  trustedSubnets: oneOrMore(cidr).default([]),

  /**
   * Peers that a node asks first: KUBE_PEERS.
   * @default in Kubernetes all nodes that the API server names; for docker and mesos the first three nodes by address
   */
  peers: z.array(peer).default([]),

  /** Who divides the range, when the network begins: IPALLOC_INIT. @default { consensus: the number of peers } */
  ipamInit: ipamInit.optional(),

  /**
   * Connections that a peer keeps to others: CONN_LIMIT. A node beyond it cannot join.
   * @default 200, Weave's; with 200 nodes and more the next hundred above their number
   */
  connectionLimit: z.int().min(1).optional(),

  /** Enforce NetworkPolicy: weave-npc runs beside weaver. @default true */
  policy: z.boolean().default(true),

  /** A pod reaches itself by a service address. Written once on each node. @default true */
  hairpin: z.boolean().default(true),

  /** Clients' addresses stay as they are with externalTrafficPolicy Local: NO_MASQ_LOCAL. @default true */
  keepClientAddress: z.boolean().default(true),

  /** The address that a node has on the bridge; only where there is one node. @default one that Weave gives */
  exposeAddress: ipAddress.optional(),

  /** Which iptables Weave writes its rules by: IPTABLES_BACKEND. @default "auto" */
  iptablesBackend: z.enum(["auto", "nft", "legacy"]).default("auto"),

  /** Where weaver answers the node itself. @default "127.0.0.1:6784" */
  httpAddress: listen.default("127.0.0.1:6784"),
  /** Where weaver shows its metrics. @default "0.0.0.0:6782" */
  metricsAddress: listen.default("0.0.0.0:6782"),
  /** Where weaver shows its state to others. @default none */
  statusAddress: listen.optional(),

  /** How much weaver and weave-npc tell. @default "info" */
  logLevel: z.enum(["debug", "info", "warning", "error"]).default("info"),
  /** Weave's scripts print each command: WEAVE_DEBUG. @default false */
  debug: z.boolean().default(false),
  /** Further options of weaver, one word an element. @default [] */
  extraArguments: z.array(z.string().regex(/^--[^\s"'\\$]+$/, 'an option such as "--no-discovery"')).default([]),

  /** Weave's ports are accepted on the nodes, ahead of other rules of iptables' INPUT. @default false */
  openPorts: z.boolean().default(false),
  /** Kernel modules besides those that Weave needs. @default [] */
  modules: z.array(moduleName).default([]),
  /** NetworkManager leaves Weave's devices and the pods' alone. @default false */
  networkManager: z.boolean().default(false),
  /** CNI plugins that podnet puts into /opt/cni/bin, by name: portmap and loopback must be there. @default {} */
  artifacts: cni.shape.artifacts,
  /** Where Weave keeps who has which addresses, on the nodes. @default "/var/lib/weave" */
  dataDirectory: absolutePath.default("/var/lib/weave"),

  /** Only with `mode: "kubernetes"`. */
  kubernetes: kubernetes.optional(),

  /** Only with `mode: "docker"` and `"mesos"`. */
  hosts: hosts.optional(),

  ...nodeChangeFields,
});

/** A Weave network's settings as they may be written. */
export type WeaveNetworkArgs = z.input<typeof weaveSettings>;
export type ParsedSettings = z.output<typeof weaveSettings>;
