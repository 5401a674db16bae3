import { z } from "zod";
import { absolutePath } from "../node/words";

const quantity = z.string().regex(/^\d+(\.\d+)?(m|[kMGT]i?)?$/, 'a quantity of Kubernetes, such as "100m" or "50Mi"');
const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "ghcr.io/flannel-io/flannel:v0.28.9"');

/** What is only said of flannel as a DaemonSet. */
export const kubernetes = z.strictObject({
  /** The namespace that everything of flannel is in; made with the network, and removed with it. @default "kube-flannel" */
  namespace: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a namespace's name")
    .default("kube-flannel"),
  images: z
    .strictObject({
      /** flanneld at /opt/bin/flanneld. @default "ghcr.io/flannel-io/flannel:vVERSION" */
      flannel: image.optional(),
      /** The CNI plugin at /flannel, and cp. @default "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3" */
      cniPlugin: image.default("ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3"),
    })
    .prefault({}),
  /** When a node asks the registry for an image. @default "IfNotPresent" */
  pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent"),
  /** Secrets of the namespace with a registry's credentials, by name. @default [] */
  pullSecrets: z.array(z.string().min(1)).default([]),
  /** An init container puts the CNI plugin on the node; false where `cni.artifacts` or the node's image do. @default true */
  installCniPlugin: z.boolean().default(true),
  /** TCP port on 127.0.0.1 of each node that answers the kubelet's probes; 0 turns them off. @default 8081 */
  healthPort: z.int().min(0).max(65535).default(8081),
  /** What the scheduler holds free for flanneld on each node. */
  requests: z
    .strictObject({
      /** @default "100m", that of flannel's own manifest */
      cpu: quantity.default("100m"),
      /** @default "50Mi", that of flannel's own manifest */
      memory: quantity.default("50Mi"),
    })
    .prefault({}),
  /** Nodes whose flanneld is stopped at the same time when the DaemonSet changes: a number, or a share. @default 1, Kubernetes' */
  maxUnavailable: z.union([z.int().min(1), z.string().regex(/^(100|[1-9]\d?)%$/, 'a share such as "25%"')]).default(1),
  /** Labels of the nodes that get flannel, besides being Linux. @default {} (all) */
  nodeSelector: z.record(z.string(), z.string()).default({}),
  /** Changes of nodes that flanneld keeps in its queue; fewer than there are nodes loses some. @default 5000, flannel's */
  eventQueueDepth: z.int().min(100).default(5000),
  /** The API server as nodes reach it before kube-proxy runs. @default the cluster's own service */
  apiServer: z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65535).default(6443) }).optional(),
  /** The kubelet's configuration on each node, by which flannel's annotations are taken off when the network goes. @default "/etc/kubernetes/kubelet.conf", kubeadm's */
  kubeletConfig: absolutePath.default("/etc/kubernetes/kubelet.conf"),
});
