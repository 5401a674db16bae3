import { z } from "zod";
import { cidr, oneOrMore } from "../addresses/schema";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { absolutePath, moduleName } from "../node/words";
import { crds } from "./crds";
import { features, flowExport, gateway, identity, image, logs, ovn, requests, subnets } from "./settings-parts";
import { kubernetesVersion, version } from "./version";

// Its CNI plugin attaches only pods that the API server knows: no probe of podnet.
const { verification: _, ...changeFields } = nodeChangeFields;

/** What may be said of an OVN-Kubernetes network. */
export const ovnKubernetesSettings = z.strictObject({
  /** OVN-Kubernetes' release: 1.0.x by podnet's own objects, 1.3.x by its chart. @default "1.3.0" with `chart`, otherwise "1.0.0" */
  version: version.optional(),

  /** The cluster's Kubernetes version. 1.0 runs on 1.29 and later, 1.3 needs 1.33. @default not known, and only 1.0 is made then */
  kubernetesVersion: kubernetesVersion.optional(),

  /**
   * OVN-Kubernetes makes services work by itself: say `"absent"` once kube-proxy is not there (`kubeadm init
   * --skip-phases=addon/kube-proxy`). With `nodes` each is looked at.
   * @default "present", which is refused
   */
  kubeProxy: z.enum(["present", "absent"]).default("present"),

  /** URL of the API server as nodes reach it without a pod network and without services: "https://192.0.2.10:6443". */
  apiServer: z.url({ protocol: /^https$/ }),

  /**
   * Upstream's chart, for 1.3.x: its folder in a checkout of the release (helm/ovn-kubernetes), or an address beginning with
   * oci://.
   * @default none
   */
  chart: z
    .strictObject({
      source: z.string().min(1),
      /** Further values of the chart, beside those that podnet says. @default {} */
      values: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),

  /** OVN-Kubernetes' own kinds of objects; see the docs for which files. @default the chart's; for 1.0 it must be said */
  crds: crds.optional(),

  /**
   * The nodes and how they are reached: `Inventory.fromFile(path)`. With them podnet prepares and checks the nodes, and
   * takes away afterwards what OVN-Kubernetes left.
   * @default none
   */
  nodes: inventory.optional(),

  /** Addresses of all pods, one range for each family. @default "10.244.0.0/16", the chart's */
  podCidr: oneOrMore(cidr).default(["10.244.0.0/16"]),

  /** How long the prefix of one node's pods is. */
  nodePrefix: z
    .strictObject({
      /** @default 24, the chart's */
      ipv4: z.int().min(8).max(30).default(24),
      /** @default 64 */
      ipv6: z.int().min(8).max(126).default(64),
    })
    .prefault({}),

  /** Addresses of services: the API server's --service-cluster-ip-range. @default "10.96.0.0/16", the chart's */
  serviceCidr: oneOrMore(cidr).default(["10.96.0.0/16"]),

  /** Other ranges in use that pods must not overlap, by name. @default {} */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  /** Ranges that OVN-Kubernetes takes for itself. */
  subnets: subnets.prefault({}),

  /**
   * Bytes of the largest packet of a pod.
   * @default the smallest of the nodes' NICs less Geneve's 58 (78 over IPv6); without `nodes` 1400, the chart's
   */
  mtu: z.int().min(576).max(65535).optional(),

  /** UDP port of Geneve. @default 6081 (RFC 8926) */
  encapPort: z.int().min(1).max(65535).default(6081),

  /**
   * Whose Open vSwitch forwards: `"host"`, the node's own, which survives pods' restarts, or `"pod"`, the DaemonSet ovs-node.
   * Never both.
   * @default "host"
   */
  openvswitch: z.enum(["host", "pod"]).default("host"),

  gateway: gateway.prefault({}),
  features: features.prefault({}),
  flowExport: flowExport.prefault({}),
  ovn: ovn.prefault({}),
  logs: logs.prefault({}),
  identity: identity.prefault({}),
  image: image.prefault({}),
  requests: requests.prefault({}),

  /** Control plane nodes that have the cluster manager, one of which leads. @default 1, upstream's */
  controlPlaneReplicas: z.int().min(1).max(9).default(1),

  /** Nodes whose OVN is stopped at the same time when the DaemonSet changes: a number, or a share. @default 1, Kubernetes' */
  maxUnavailable: z.union([z.int().min(1), z.string().regex(/^(100|[1-9]\d?)%$/, 'a share such as "25%"')]).default(1),

  /** ovnkube has NET_ADMIN alone, and the CNI plugin does what needs more. @default false */
  unprivileged: z.boolean().default(false),
  /** Traffic of namespaces with gateways of their own keeps its address. @default false */
  keepAddressAtGateways: z.boolean().default(false),
  /** Forwarding is off but for OVN's own devices. @default false */
  restrictForwarding: z.boolean().default(false),
  /** Packets that are too large for pods are told so to who sent them. @default true */
  checkPacketMtu: z.boolean().default(true),
  /** A service without a pod wakes what listens to OVN's events. @default false */
  emptyServiceEvents: z.boolean().default(false),

  /** Geneve's port is accepted on the nodes, ahead of other rules of iptables' INPUT. @default false */
  openPorts: z.boolean().default(false),
  /** Kernel modules besides those that OVN-Kubernetes needs. @default [] */
  modules: z.array(moduleName).default([]),
  /** NetworkManager leaves OVN's devices alone. @default false */
  networkManager: z.boolean().default(false),
  /** The kubelet's way to the API server, by which a node takes OVN's annotations off itself. @default "/etc/kubernetes/kubelet.conf" */
  kubeletConfig: absolutePath.default("/etc/kubernetes/kubelet.conf"),

  ...changeFields,
});

/** An OVN-Kubernetes network's settings as they may be written. */
export type OvnKubernetesNetworkArgs = z.input<typeof ovnKubernetesSettings>;
export type ParsedSettings = z.output<typeof ovnKubernetesSettings>;
