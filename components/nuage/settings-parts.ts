import { z } from "zod";
import { ipAddress } from "../addresses/schema";
import { absolutePath, deviceName } from "../node/words";
import { secretText } from "../secret-text";

const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "registry.example.com/nuage/vrs:20.10.6"');
/** A host or an address as it stands in a URL. */
const host = z.string().regex(/^([\w-]+(\.[\w-]+)*|\[[\da-fA-F:]+\])$/, "a host's name or address");
const name = z.string().regex(/^[^\p{Cc}:#"'{}[\]]{1,255}$/u, "a name of the VSD's, without : and quotes");
const port = z.int().min(1).max(65535);

/** The vendor gives images as archives, for a registry of yours or for the nodes themselves. */
export const images = z.strictObject({
  /** Registry and path of all of them. @default "nuage", under which the archives have them */
  registry: z
    .string()
    .regex(/^[\w./:-]*[\w]$/, "a registry and a path, without a slash at the end")
    .default("nuage"),
  /** @default "REGISTRY/master:RELEASE" */
  monitor: image.optional(),
  /** @default "REGISTRY/cni:RELEASE" */
  cni: image.optional(),
  /** @default "REGISTRY/vrs:RELEASE" */
  vrs: image.optional(),
  /** @default "REGISTRY/infra:RELEASE" */
  infra: image.optional(),
  /** @default "REGISTRY/strongswan:RELEASE" */
  strongswan: image.optional(),
  /** @default "IfNotPresent" */
  pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent"),
  /** Secrets of the namespace with the registry's credentials, by name. @default [] */
  pullSecrets: z.array(z.string().min(1)).default([]),
});

export const vsd = z.strictObject({
  /** Its name or address. */
  address: host,
  /** @default 7443 */
  port: port.default(7443),
  /** Version of its API. @default "v6" */
  apiVersion: z
    .string()
    .regex(/^v\d+(_\d+)?$/, 'a version such as "v6"')
    .default("v6"),
  /** Must be there. @default "kubernetes" */
  enterprise: name.default("kubernetes"),
  /** Made from a template that must be there. @default "kubernetes" */
  domain: name.default("kubernetes"),
  /** Of the enterprise's administrators. @default "k8s-admin" */
  user: name.default("k8s-admin"),
  /** The user's certificate in PEM, by certMgmt.sh of the VSD (-o kubernetes -f pem -t client). With install daemonsets. */
  certificate: secretText.optional(),
  /** Its key in PEM; kept as a secret. With install daemonsets. */
  key: secretText.optional(),
  /** With install operator: where the certificate is on the monitor's nodes. @default "/etc/kubernetes/pki/k8s-admin.pem" */
  certificateFile: absolutePath.default("/etc/kubernetes/pki/k8s-admin.pem"),
  /** @default "/etc/kubernetes/pki/k8s-admin-Key.pem" */
  keyFile: absolutePath.default("/etc/kubernetes/pki/k8s-admin-Key.pem"),
});

export const vrs = z.strictObject({
  /** Addresses of the VSCs: the active one, and one that stands by. */
  controllers: z.array(ipAddress).min(1).max(2),
  /** The NIC that tunnels leave by. @default that of the inventory where all nodes have one of a name, otherwise "eth0" */
  uplink: deviceName.optional(),
  /** @default "kvm, k8s" */
  platform: z
    .string()
    .regex(/^[\w]+(, [\w]+)*$/, 'words such as "kvm, k8s"')
    .default("kvm, k8s"),
});

export const monitor = z.strictObject({
  /** Where the plugin on every node finds it: a name or address of the control plane. */
  address: host,
  /** @default 9443 */
  port: port.default(9443),
  /** Nodes that it runs on, which get the label install-monitor. @default []: give them the label yourself */
  nodes: z.array(z.string().min(1)).default([]),
  /** What the plugin's certificate is checked against. @default "/etc/kubernetes/pki/ca.crt", kubeadm's */
  clientCa: absolutePath.default("/etc/kubernetes/pki/ca.crt"),
  /** @default "/etc/kubernetes/pki/apiserver-kubelet-client.crt" */
  serverCertificate: absolutePath.default("/etc/kubernetes/pki/apiserver-kubelet-client.crt"),
  /** @default "/etc/kubernetes/pki/apiserver-kubelet-client.key" */
  serverKey: absolutePath.default("/etc/kubernetes/pki/apiserver-kubelet-client.key"),
  /** The cluster's own etcd, into which it writes /nuage.io/v1.0/ when there are several monitors. */
  etcd: z
    .strictObject({
      /** @default ["https://127.0.0.1:2379"] */
      endpoints: z
        .array(z.string().regex(/^https?:\/\/[\w.:[\]-]+$/, "an address"))
        .min(1)
        .default(["https://127.0.0.1:2379"]),
      /** @default "/etc/kubernetes/pki/etcd/ca.crt" */
      ca: absolutePath.default("/etc/kubernetes/pki/etcd/ca.crt"),
      /** @default "/etc/kubernetes/pki/etcd/peer.crt" */
      certificate: absolutePath.default("/etc/kubernetes/pki/etcd/peer.crt"),
      /** @default "/etc/kubernetes/pki/etcd/peer.key" */
      key: absolutePath.default("/etc/kubernetes/pki/etcd/peer.key"),
    })
    .prefault({}),
  /** 0 says everything, 3 only why it ends. @default 0 */
  logLevel: z.int().min(0).max(3).default(0),
});

/** The plugin and its audit daemon. */
export const cni = z.strictObject({
  /** Bytes of pods' packets. @default 1450 over 1500 */
  mtu: z.int().min(576).max(65535).optional(),
  /** Bytes of the switch's ports. @default 1460 over 1500 */
  interfaceMtu: z.int().min(576).max(65535).optional(),
  /** @default "0.2.0", which the plugin speaks */
  version: z.enum(["0.2.0", "0.3.0"]).default("0.2.0"),
  /** The switch's bridge. @default "alubr0" */
  bridge: deviceName.default("alubr0"),
  /** @default "/var/run/openvswitch/db.sock" */
  vrsEndpoint: absolutePath.default("/var/run/openvswitch/db.sock"),
  /** Seconds. @default 60 */
  monitorIntervalSeconds: z.int().min(1).default(60),
  /** Seconds. @default 60 */
  portResolveSeconds: z.int().min(1).default(60),
  /** Seconds. @default 180 */
  connectionCheckSeconds: z.int().min(1).default(180),
  /** Seconds. @default 600 */
  staleEntrySeconds: z.int().min(1).default(600),
  /** Megabytes. @default 1 */
  logFileMegabytes: z.int().min(1).default(1),
  /** @default "info" */
  logLevel: z.enum(["dbg", "info", "warn", "err", "emer", "off"]).default("info"),
  /** @default -1: none */
  siteId: z.int().min(-1).default(-1),
  /** @default "docker0" */
  dockerBridge: deviceName.default("docker0"),
  /** The node's own certificate and key in one file, by which it asks the monitor. @default "/var/lib/kubelet/pki/kubelet-client-current.pem" */
  clientCertificate: absolutePath.default("/var/lib/kubelet/pki/kubelet-client-current.pem"),
});

/** Nuage's operator. */
export const operator = z.strictObject({
  /** Built from upstream's code: nobody offers it. */
  image,
  /** The operator pulls the others by it. The password is kept as a secret, in the state; in the cluster it stands in the NuageCNIConfig. */
  registry: z.strictObject({ url: z.string().min(1), username: z.string().min(1), password: secretText }),
});
