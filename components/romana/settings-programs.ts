import { z } from "zod";
import { ipAddress } from "../addresses/schema";
import { absolutePath } from "../node/words";

const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "quay.io/romana/agent:v2.0.2"');
const port = z.int().min(1).max(65535);

/** What is only said of Romana's own programs. */
export const programs = z.strictObject({
  /** Romana's release. @default "v2.0.2", the last */
  version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+$/, 'a version such as "v2.0.2"')
    .default("v2.0.2"),
  images: z
    .strictObject({
      /** @default "quay.io/romana" */
      registry: z
        .string()
        .regex(/^[\w./:-]+[^/]$/, "a registry and a path, without a slash at the end")
        .default("quay.io/romana"),
      daemon: image.optional(),
      listener: image.optional(),
      agent: image.optional(),
      aws: image.optional(),
      routePublisher: image.optional(),
      bird: image.optional(),
      /** @default "quay.io/romana/vpcrouter-romana-plugin:1.1.17" */
      vpcRouter: image.optional(),
    })
    .prefault({}),
  /** @default "IfNotPresent" */
  pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent"),
  /** Secrets of kube-system with a registry's credentials, by name. @default [] */
  pullSecrets: z.array(z.string().min(1)).default([]),
  /** Where Romana keeps its state. It speaks etcd's second API, which etcd 3.6 has no more. */
  etcd: z
    .strictObject({
      /** @default "quay.io/coreos/etcd:v3.5.21" */
      image: image.default("quay.io/coreos/etcd:v3.5.21"),
      /** An etcd of your own in its place, with the second API: "http://192.0.2.5:2379". @default [] */
      endpoints: z.array(z.url({ protocol: /^http$/ })).default([]),
      /** On the control plane's node. @default "/var/lib/romana/etcd-db", Romana's */
      dataDirectory: absolutePath.default("/var/lib/romana/etcd-db"),
      /** TCP ports, for clients and for itself. @default 12379 and 12380, Romana's */
      clientPort: port.default(12379),
      peerPort: port.default(12380),
    })
    .prefault({}),
  /** Addresses of Romana's two services. @default the 88th and the 99th of serviceCidr, as in Romana's manifest */
  serviceAddresses: z.strictObject({ etcd: ipAddress.optional(), romana: ipAddress.optional() }).prefault({}),
  /** Labels of the node that daemon, etcd and listener run on. @default that of control planes */
  nodeSelector: z.record(z.string(), z.string()).optional(),
  /** Nodes whose agent is stopped at the same time when the DaemonSet changes: a number, or a share. @default 1, Kubernetes' */
  maxUnavailable: z.union([z.int().min(1), z.string().regex(/^(100|[1-9]\d?)%$/, 'a share such as "25%"')]).default(1),
  /** The API server as nodes reach it before kube-proxy runs. @default the cluster's own service */
  apiServer: z.strictObject({ host: z.string().min(1), port: port.default(6443) }).optional(),
  /** Programs tell more. @default false */
  debug: z.boolean().default(false),
  /** Further options of the agent's start, one word an element. @default [] */
  agentArguments: z.array(z.string().regex(/^--[^\s"'\\$]+$/, 'an option such as "--multihop-blocks"')).default([]),
});
