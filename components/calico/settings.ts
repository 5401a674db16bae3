import { z } from "zod";
import { cidr, oneOrMore } from "../addresses/schema";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { absolutePath } from "../node/words";
import { agent } from "./agent";
import { autodetection } from "./autodetection";
import { bgpSettings } from "./bgp";
import { crds } from "./crds";
import { datastore } from "./datastore";
import { felixSettings } from "./felix";
import { imageSettings } from "./images";
import { policySettings } from "./policy/settings";
import { encapsulation, pool } from "./pools";
import { version } from "./version";

const port = z.int().min(1).max(65535);
const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a name of 1 to 63 lower-case letters, digits and dashes");

/** What may be said of a Calico network on Kubernetes. */
export const calicoSettings = z.strictObject({
  /**
   * `"manifests"`: podnet's own objects, every one of them in the preview. `"operator"`: Tigera's operator, which makes
   * Calico's objects itself from an Installation. `"policy-only"`: another network carries the packets and gives the
   * addresses; Calico enforces policy.
   * @default "manifests"
   */
  install: z.enum(["manifests", "operator", "policy-only"]).default("manifests"),

  /** Calico's release. @default "v3.32.1" */
  version: version.default("v3.32.1"),

  /** The operator's release, which must be the one of `version`. @default "v1.42.3", that of v3.32.1 */
  operatorVersion: z
    .string()
    .regex(/^v\d+\.\d+\.\d+$/, 'a release such as "v1.42.3"')
    .optional(),

  crds,

  images: imageSettings.prefault({}),

  /** What runs on each node. @default { type: "calico-node" } */
  agent: agent.default({ type: "calico-node" }),

  /** @default { type: "kubernetes" } */
  datastore: datastore.default({ type: "kubernetes" }),

  /** The nodes, to prepare them over SSH and to prove the network. @default none: only the Kubernetes API is used */
  nodes: inventory.optional(),

  /** How many nodes there are, for Typha, when `nodes` is not given. @default those of `nodes`, otherwise 1 */
  nodeCount: z.int().min(1).optional(),

  /** Addresses of all pods, one range for each address family: the cluster CIDR of Kubernetes. */
  podCidr: oneOrMore(cidr).refine((list) => list.length > 0, "name at least one range"),

  /** Addresses of services, held apart from pods. @default none */
  serviceCidr: oneOrMore(cidr).default([]),

  /** Other ranges in use that pods and services must not overlap, by name. @default {} */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  /** How packets go from node to node, for pools that do not say otherwise. @default "VXLANCrossSubnet", "None" with policy-only */
  encapsulation: encapsulation.optional(),

  /** Packets that leave all pools take their node's address, for pools that do not say otherwise. @default true */
  natOutgoing: z.boolean().default(true),

  /** Pools of pods' addresses by name. @default one for each range of podCidr: "default-ipv4", "default-ipv6" */
  pools: z.record(name, pool).default({}),

  /**
   * Who gives addresses to pods: Calico by blocks of the pools, or each node from its podCIDR.
   * @default "calico-ipam", "host-local" with the felix agent
   */
  ipam: z.enum(["calico-ipam", "host-local"]).optional(),

  /**
   * Bytes of the largest packet of a pod.
   * @default what the smallest NIC carries (`nodes`, or underlayMtu), less the largest encapsulation in use
   */
  mtu: z.int().min(576).max(65535).optional(),

  /** Bytes that the nodes' network carries, when `nodes` is not given. @default 1500 */
  underlayMtu: z.int().min(576).max(65535).default(1500),

  /** How a node finds its own address. @default the inventory's subnets, otherwise "kubernetes-internal-ip" */
  autodetection: z.strictObject({ ipv4: autodetection.optional(), ipv6: autodetection.optional() }).prefault({}),

  bgp: bgpSettings.prefault({}),

  /** What Felix writes its rules in. `"bpf"` does kube-proxy's work too, and needs `apiServer`. @default "iptables" */
  dataplane: z.enum(["iptables", "nftables", "bpf"]).default("iptables"),

  /** The API server's own address and port, as nodes reach it without kube-proxy. */
  apiServer: z.strictObject({ host: z.string().min(1), port: port.default(6443) }).optional(),

  /** Encrypts packets from node to node. */
  wireguard: z
    .strictObject({
      /** @default false */
      enabled: z.boolean().default(false),
      /** UDP port. @default 51820 */
      port: port.default(51820),
      /** UDP port for IPv6. @default 51821 */
      portV6: port.default(51821),
      /** Also packets between the nodes themselves. @default false */
      hostEncryption: z.boolean().default(false),
    })
    .prefault({}),

  /** Stands between the API server and the Felix of many nodes. */
  typha: z
    .strictObject({
      /** @default 0 below 50 nodes, then one for each 200, 3 at the least and 20 at the most */
      replicas: z.int().min(0).max(20).optional(),
    })
    .prefault({}),

  felix: felixSettings.prefault({}),

  /** A host endpoint for every node, made by Calico, so that policies with its labels can be for nodes. @default false */
  autoHostEndpoints: z.boolean().default(false),

  ...policySettings,

  /** Nodes whose pod of Calico is made anew at the same time: a number, or a share such as "25%". @default 1 */
  maxUnavailable: z
    .union([z.int().min(1), z.string().regex(/^(100|[1-9]\d?)%$/, 'a number of nodes, or a share such as "25%"')])
    .default(1),

  /** What the nodes stand in; some clouds drop what others carry. @default none */
  cloud: z.enum(["aws", "azure", "gcp", "digitalocean"]).optional(),

  /** The namespace of podnet's objects; the operator has its own. @default "kube-system" */
  namespace: name.default("kube-system"),

  /** Folders of the CNI plugins and their configuration on the nodes. */
  cni: z
    .strictObject({
      /** @default "/etc/cni/net.d" */
      directory: absolutePath.default("/etc/cni/net.d"),
      /** @default "/opt/cni/bin" */
      binaries: absolutePath.default("/opt/cni/bin"),
      /** Lower in the alphabet than every other configuration there. @default "10-calico.conflist" */
      fileName: z
        .string()
        .regex(/^[\w.-]+\.conflist$/, 'a file name that ends in ".conflist"')
        .default("10-calico.conflist"),
    })
    .prefault({}),

  /**
   * The kubelet's configuration on each node, by which Calico's annotations are taken off when the network goes.
   * @default "/etc/kubernetes/kubelet.conf", kubeadm's
   */
  kubeletConfig: absolutePath.default("/etc/kubernetes/kubelet.conf"),

  /** Let nodes accept this network's packets from each other, by iptables rules of podnet. Needs `nodes`. @default false */
  openPorts: z.boolean().default(false),

  /** NetworkManager leaves Calico's interfaces alone: a file on each node. Needs `nodes`. @default false */
  networkManager: z.boolean().default(false),

  ...nodeChangeFields,
});

/** A Calico network's settings as they may be written. */
export type CalicoNetworkArgs = z.input<typeof calicoSettings>;
export type ParsedSettings = z.output<typeof calicoSettings>;
