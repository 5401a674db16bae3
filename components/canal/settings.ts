import { z } from "zod";
import { agent } from "../calico/agent";
import { crds } from "../calico/crds";
import { datastore } from "../calico/datastore";
import { felixOfOthers } from "../calico/felix";
import { imageSettings } from "../calico/images";
import { policySettings } from "../calico/policy/settings";
import { calicoSettings } from "../calico/settings";
import { version } from "../calico/version";
import { flannelSettings } from "../flannel/settings";
import { kubernetes } from "../flannel/settings-kubernetes";
import { nodeChangeFields } from "../network-nodes/settings";

const common = calicoSettings.shape;
const flannel = flannelSettings.shape;
const daemon = kubernetes.shape;
const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "ghcr.io/flannel-io/flannel:v0.28.9"');

/** What may be said of a Canal network: flannel brings packets to nodes, Calico attaches pods and enforces policy. */
export const canalSettings = z.strictObject({
  /** Calico's release. @default "v3.32.1" */
  version: version.default("v3.32.1"),

  crds,

  /** Calico's images; flannel's is `flannel.image`. */
  images: imageSettings.prefault({}),

  /** What enforces policy on each node. @default { type: "calico-node" } */
  agent: agent.default({ type: "calico-node" }),

  /**
   * Where Calico keeps its resources. With an etcd, flannel leases nodes' subnets there too, as in Canal's first form.
   * @default { type: "kubernetes" }
   */
  datastore: datastore.default({ type: "kubernetes" }),

  /** The nodes, to prepare them over SSH and to prove the network. @default none: only the Kubernetes API is used */
  nodes: common.nodes,

  /** How many nodes there are, for Typha, when `nodes` is not given. @default those of `nodes`, otherwise 1 */
  nodeCount: common.nodeCount,

  /** Addresses of all pods, one range for each address family: the cluster CIDR of Kubernetes, or one that holds it. */
  podCidr: flannel.podCidr,

  /** Prefix length of a node's pod subnet, as the controller manager has it. @default ipv4: 24; ipv6: 64 */
  nodePrefix: flannel.nodePrefix,

  serviceCidr: flannel.serviceCidr,
  otherRanges: flannel.otherRanges,

  /** How flannel brings packets from node to node. @default { type: "vxlan" } */
  backend: flannel.backend,

  /** Bytes that the nodes' NICs carry. @default the smallest of the inventory, otherwise 1500 */
  underlayMtu: flannel.underlayMtu,

  /** Bytes of the largest packet of a pod. @default underlayMtu less what the backend puts before each packet */
  mtu: flannel.mtu,

  iface: flannel.iface,

  /** Packets that leave the cluster take their node's address, by flannel alone: Calico translates nothing here. @default true */
  masquerade: flannel.masquerade,

  /** What flanneld and Felix both write their rules in; kube-proxy should use the same. @default "iptables" */
  dataplane: z.enum(["iptables", "nftables"]).default("iptables"),

  /** flanneld, in the same pod. */
  flannel: z
    .strictObject({
      /** @default "0.28.9" */
      version: flannel.version,
      /** @default "ghcr.io/flannel-io/flannel:vVERSION" */
      image: image.optional(),
      /** Masqueraded connections take random source ports. @default true */
      randomPorts: flannel.randomPorts,
      /** Seconds between flanneld's looks at its rules. @default 5, flannel's */
      rulesResyncSeconds: flannel.rulesResyncSeconds,
      /** Packets to pods that are gone end on their node and do not go to the default gateway. @default true from 0.28.1 on */
      blackholeRoute: z.boolean().optional(),
      healthPort: daemon.healthPort,
      requests: daemon.requests,
      eventQueueDepth: daemon.eventQueueDepth,
      /** Where flannel's configuration and leases are in etcd. @default "/coreos.com/network", flannel's */
      etcdPrefix: z
        .string()
        .regex(/^(\/[\w.-]+)+$/, 'a key such as "/coreos.com/network", without a slash at its end')
        .default("/coreos.com/network"),
      /** etcdctl, which writes that configuration. @default "quay.io/coreos/etcd:v3.5.21" */
      etcdctlImage: image.default("quay.io/coreos/etcd:v3.5.21"),
    })
    .prefault({}),

  apiServer: common.apiServer,
  typha: common.typha,
  felix: felixOfOthers.prefault({}),

  /** A host endpoint for every node, made by Calico. @default false */
  autoHostEndpoints: common.autoHostEndpoints,

  ...policySettings,

  namespace: common.namespace,
  maxUnavailable: common.maxUnavailable,

  /** Folders of the CNI plugins and their configuration on the nodes. */
  cni: common.cni
    .unwrap()
    .extend({
      /** Lower in the alphabet than every other configuration there. @default "10-canal.conflist" */
      fileName: common.cni.unwrap().shape.fileName.unwrap().default("10-canal.conflist"),
    })
    .prefault({}),

  kubeletConfig: common.kubeletConfig,
  openPorts: flannel.openPorts,
  modules: flannel.modules,
  checksumOffload: flannel.checksumOffload,
  hostManagers: flannel.hostManagers,

  ...nodeChangeFields,
});

/** A Canal network's settings as they may be written. */
export type CanalNetworkArgs = z.input<typeof canalSettings>;
export type ParsedSettings = z.output<typeof canalSettings>;
