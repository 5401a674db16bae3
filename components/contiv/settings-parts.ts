import { z } from "zod";
import { ipAddress } from "../addresses/schema";
import { artifact } from "../cni";
import { absolutePath, unitPath } from "../node/words";
import { secretText } from "../secret-text";

const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "registry.example.com/contiv/netplugin:head"');
const endpoint = z.string().regex(/^https?:\/\/[\w.:[\]-]+$/, 'an address such as "http://192.0.2.10:2379"');

/**
 * Images, each named whole so that it can be a mirror's: upstream's registries are left to themselves.
 */
export const images = z.strictObject({
  /**
   * netplugin, netmaster, contivk8s and netctl, built from upstream's last commit (2019-04): the published 1.0 to 1.2
   * refuse the network namespaces of containerd and CRI-O. Must be given with mode kubernetes.
   */
  netplugin: image.optional(),
  /** @default "contiv/netplugin-init:latest", which has no other tag */
  netpluginInit: image.default("contiv/netplugin-init:latest"),
  /** Open vSwitch 2.5, the newest that netplugin speaks with. @default "contiv/ovs:latest", which has no other tag */
  ovs: image.default("contiv/ovs:latest"),
  /** With the API of etcd 2, which went after 3.5. @default "quay.io/coreos/etcd:v3.2.4", upstream's */
  etcd: image.default("quay.io/coreos/etcd:v3.2.4"),
  /** @default "contiv/auth_proxy:1.2.0" */
  authProxy: image.default("contiv/auth_proxy:1.2.0"),
  /** @default "contiv/aci-gw:latest" */
  aciGateway: image.default("contiv/aci-gw:latest"),
  /** Figures for Prometheus. @default "contiv/stats:latest" */
  exporter: image.default("contiv/stats:latest"),
});

export const pullPolicy = z.enum(["Always", "IfNotPresent", "Never"]);

/** Where netmaster and netplugin keep everything. */
export const store = z.discriminatedUnion("type", [
  z.strictObject({
    /** An etcd that podnet runs on one control-plane node, without TLS, as upstream does. */
    type: z.literal("own"),
    /** The node (kubernetes.io/hostname) that it and its data stay on. @default whichever of the control plane has it first */
    node: z.string().min(1).optional(),
    /** Address of its Service, which must be known before there is DNS. @default serviceCidr's address 232.136 in it, upstream's */
    clusterIp: ipAddress.optional(),
    /** @default "/var/lib/etcd/contiv-data", upstream's */
    dataDirectory: absolutePath.default("/var/lib/etcd/contiv-data"),
  }),
  /** netplugin uses one member alone, the first that it is told. */
  z.strictObject({ type: z.literal("etcd"), endpoint }),
  z.strictObject({ type: z.literal("consul"), endpoint }),
]);

/** HTTPS, users and the web interface before netmaster, on port 10000. */
export const authProxy = z.strictObject({
  /** PEM. */
  certificate: z.string().min(1),
  /** PEM; kept as a secret. */
  key: secretText,
});

/** Cisco's fabric, which makes the networks then. */
export const aci = z.strictObject({
  /** The APIC: "https://apic.example.com:443". */
  url: z.url({ protocol: /^https$/ }),
  username: z.string().min(1),
  /** Kept as a secret. Either this or `certificate`. */
  password: secretText.optional(),
  /** Name and key of a certificate that the user has in the APIC. The key is kept as a secret. */
  certificate: z.strictObject({ dn: z.string().min(1), key: secretText }).optional(),
  /** "topology/pod-1/node-101". */
  leafNodes: z.array(z.string().min(1)).min(1),
  physicalDomain: z.string().min(1),
  /** @default "not_specified", upstream's: one for each group */
  bridgeDomain: z.string().min(1).default("not_specified"),
  /** Contracts let everything through. @default false, upstream's */
  unrestrictedContracts: z.boolean().default(false),
  /** @default true, upstream's */
  enforcePolicies: z.boolean().default(true),
  /** Objects are looked for in the tenant common too. @default false, upstream's */
  includeCommonTenant: z.boolean().default(false),
  /** Ports of the fabric that lead to the nodes. @default [] */
  pathBindings: z.array(z.string().min(1)).default([]),
  /** @default [] */
  nodeBindings: z.array(z.string().min(1)).default([]),
});

/** netplugin and netmaster as systemd units, for Docker, Swarm and Mesos. */
export const hosts = z.strictObject({
  /** Nodes that netmaster runs on; one of them leads. */
  netmasters: z.array(z.string().min(1)).min(1),
  /** Programs by their names: netplugin and netmaster, and with mesos netcontiv. Those left out are there already. @default {} */
  artifacts: z.partialRecord(z.enum(["netplugin", "netmaster", "netcontiv", "netctl"]), artifact).default({}),
  /** Where they are. @default "/usr/bin", upstream's packages' */
  binaries: unitPath.default("/usr/bin"),
  /** Where a Mesos agent looks for CNI networks (--network_cni_config_dir). @default "/etc/mesos/cni/net.d" */
  mesosConfigurations: absolutePath.default("/etc/mesos/cni/net.d"),
  /** Where it looks for plugins (--network_cni_plugins_dir). @default "/opt/cni/bin" */
  mesosPlugins: absolutePath.default("/opt/cni/bin"),
});
