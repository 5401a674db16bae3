import { z } from "zod";
import { ipAddress, oneOrMore } from "../addresses/schema";
import { deviceName } from "../node/words";
import { secretText } from "../secret-text";

const quantity = z.string().regex(/^\d+(\.\d+)?(m|[kMGT]i?)?$/, 'a quantity of Kubernetes, such as "300Mi"');

/** "192.0.2.9:6343", "[2001:db8::9]:6343" */
const collector = z
  .string()
  .regex(/^(\d+\.\d+\.\d+\.\d+|\[[\da-fA-F:.]+\]):\d{1,5}$/, 'an address and a UDP port: "192.0.2.9:6343"');

/** How pods reach what is outside of the cluster. */
export const gateway = z.strictObject({
  /**
   * `"shared"`: through the bridge, past the host's own stack. `"local"`: through the host's routes and iptables.
   * @default "shared", the chart's
   */
  mode: z.enum(["shared", "local"]).default("shared"),
  /**
   * Who makes the bridge that the node's NIC is in. `"made"`: podnet, of each node's `nic` in the inventory, whose addresses
   * and routes move with it; a node that is not reached after it takes it back by itself. `"made-beforehand"`: it is there,
   * with the node's addresses on it, by `OpenVSwitch` or your own hand. `"by-ovnkube"`: ovnkube moves the NIC itself, with no
   * way back when the node is lost by it, which needs `allowIrreversible: true`.
   * @default none: it must be said
   */
  bridge: z.enum(["made", "made-beforehand", "by-ovnkube"]).optional(),
  /** The bridge; with `by-ovnkube` the NIC. @default "br-ex" */
  interface: deviceName.default("br-ex"),
  /** Next hops to the outside, one for each family. @default those of the default routes */
  nextHop: oneOrMore(ipAddress).default([]),
  /** VLAN in which the outside is. @default none */
  vlanId: z.int().min(1).max(4094).optional(),
});

/** Ranges that OVN-Kubernetes takes for itself; the numbers are those of its chart's values. */
export const subnets = z.strictObject({
  /** Between a node's routers. @default "100.64.0.0/16" */
  joinIpv4: z.cidrv4().default("100.64.0.0/16"),
  /** @default "fd98::/64" */
  joinIpv6: z.cidrv6().default("fd98::/64"),
  /** Of traffic between the host and services. @default "169.254.0.0/17" */
  masqueradeIpv4: z.cidrv4().default("169.254.0.0/17"),
  /** @default "fd69::/112" */
  masqueradeIpv6: z.cidrv6().default("fd69::/112"),
  /** Between nodes' routers. @default "100.88.0.0/16" */
  transitIpv4: z.cidrv4().default("100.88.0.0/16"),
  /** @default "fd97::/64" */
  transitIpv6: z.cidrv6().default("fd97::/64"),
});

/** What OVN-Kubernetes does besides pods, services and NetworkPolicy. The defaults are those of its chart's values. */
export const features = z.strictObject({
  /** EgressIP: a namespace's traffic leaves with an address of its own. @default true */
  egressIp: z.boolean().default(true),
  /** TCP port at which nodes ask each other whether they can carry egress addresses. @default 9107 */
  egressIpHealthPort: z.int().min(1).max(65535).default(9107),
  /** EgressService. @default true */
  egressService: z.boolean().default(true),
  /** EgressFirewall. @default true */
  egressFirewall: z.boolean().default(true),
  /** EgressQoS. @default true */
  egressQos: z.boolean().default(true),
  /** AdminPolicyBasedExternalRoute. @default true */
  externalRoutes: z.boolean().default(true),
  /** Templates of services, which need less of the database. @default true */
  serviceTemplates: z.boolean().default(true),
  /** AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1. @default false */
  adminNetworkPolicy: z.boolean().default(false),
  /** Second networks of pods by NetworkAttachmentDefinition. @default false */
  multiNetwork: z.boolean().default(false),
  /** UserDefinedNetwork; only 1.3, with `multiNetwork`. @default false */
  userDefinedNetworks: z.boolean().default(false),
  /** NetworkQoS; only 1.3. @default false */
  networkQos: z.boolean().default(false),
  /** Routes to pods announced by BGP (FRR-k8s must be there); only 1.3. @default false */
  routeAdvertisements: z.boolean().default(false),
  /** Addresses of virtual machines that stay, by IPAMClaim. @default true with 1.3, false with 1.0, as upstream's */
  persistentIps: z.boolean().optional(),
  /** Multicast among pods of a namespace that asks for it. @default false */
  multicast: z.boolean().default(false),
  /** Windows nodes by VXLAN on UDP 4789: their ranges with the prefix of a node, "10.132.0.0/14/23". @default [] (off) */
  hybridOverlay: z
    .array(z.string().regex(/^[\da-fA-F:.]+\/\d+\/\d+$/, 'a range and the prefix of a node: "10.132.0.0/14/23"'))
    .default([]),
});

/** Reports of flows from each node's bridge. */
export const flowExport = z.strictObject({
  /** Collectors of NetFlow. @default [] */
  netflow: z.array(collector).default([]),
  /** Collectors of sFlow. @default [] */
  sflow: z.array(collector).default([]),
  /** Collectors of IPFIX. @default [] */
  ipfix: z.array(collector).default([]),
  /** One of this many packets is in IPFIX. @default 400, the chart's */
  ipfixSampling: z.int().min(1).default(400),
  /** Flows kept at most before they are reported; 0: none. @default 0, the chart's */
  ipfixCacheMaxFlows: z.int().min(0).default(0),
  /** Seconds that a flow is kept. @default 60, the chart's */
  ipfixCacheActiveSeconds: z.int().min(0).max(4200).default(60),
});

/** OVN's own daemons. */
export const ovn = z.strictObject({
  /** Milliseconds of silence after which a database is asked whether it is there. @default 100000, upstream's */
  remoteProbeMs: z.int().min(0).default(100000),
  /** ovn-controller reads all of the southbound database, not only what its node needs. @default true, upstream's */
  monitorAll: z.boolean().default(true),
  /** Milliseconds before ovn-controller takes old flows away at its start. @default 0, upstream's */
  clearWaitMs: z.int().min(0).default(0),
  /** ovn-controller keeps what it worked out of logical flows. @default true, upstream's */
  flowCache: z.boolean().default(true),
  /** Logged packets of policies a second, at most. @default 20, upstream's */
  aclLogsPerSecond: z.int().min(1).default(20),
});

/** What ovnkube writes down; the numbers are those of ovnkube.sh. */
export const logs = z.strictObject({
  /** 0 (fatal) to 5 (debug) for ovnkube. @default 4 */
  level: z.int().min(0).max(5).default(4),
  /** For OVN's daemons. @default "info" */
  ovn: z.enum(["off", "emer", "err", "warn", "info", "dbg"]).default("info"),
  /** Megabytes of a file until the next is begun. @default 100 */
  fileMegabytes: z.int().min(1).default(100),
  /** Old files kept. @default 5 */
  files: z.int().min(1).default(5),
  /** Days that an old file is kept. @default 5 */
  days: z.int().min(1).default(5),
});

/** Each node speaks to the API server under its own name, and a webhook holds it to what is its own. */
export const identity = z.strictObject({
  /** @default true, upstream's */
  enabled: z.boolean().default(true),
  /** Days that the webhook's certificate holds. @default 3650: nothing but the webhook trusts it */
  validityDays: z.int().min(31).max(36500).default(3650),
  /** A certificate of your own for `localhost`, in PEM. @default one that podnet makes, and keeps in the encrypted state */
  certificate: z
    .strictObject({ certificate: z.string().min(1), key: secretText, authority: z.string().min(1) })
    .optional(),
});

export const image = z.strictObject({
  /** @default "ghcr.io/ovn-kubernetes/ovn-kubernetes/ovn-kube-ubuntu", the chart's */
  repository: z
    .string()
    .regex(/^[\w][\w./:-]*$/, "an image without its tag")
    .default("ghcr.io/ovn-kubernetes/ovn-kubernetes/ovn-kube-ubuntu"),
  /** Its scripts take only objects of their own release. @default "release-1.0" of 1.0.x, "release-1.3" of 1.3.x */
  tag: z
    .string()
    .regex(/^[\w][\w.-]*$/, "a tag")
    .optional(),
  /** @default "IfNotPresent" */
  pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent"),
});

/** What the scheduler holds free for each container. @default those of upstream's manifests */
export const requests = z.strictObject({
  /** @default "100m" */
  cpu: quantity.default("100m"),
  /** @default "300Mi" */
  memory: quantity.default("300Mi"),
});
