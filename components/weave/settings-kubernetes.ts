import { z } from "zod";
import { absolutePath } from "../node/words";

const quantity = z.string().regex(/^\d+(\.\d+)?(m|[kMGT]i?)?$/, 'a quantity of Kubernetes, such as "50m"');
const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "docker.io/rajchaudhuri/weave-kube:2.9.0"');
const listen = z.string().regex(/^[\w.-]*:\d{1,5}$/, 'an address and a port, such as ":6781"');

/** What is only said of Weave as a DaemonSet. */
export const kubernetes = z.strictObject({
  images: z
    .strictObject({
      /** @default "docker.io/rajchaudhuri/weave-kube:VERSION"; of weaveworks "docker.io/weaveworks/weave-kube:VERSION" */
      kube: image.optional(),
      /** @default "docker.io/rajchaudhuri/weave-npc:VERSION"; of weaveworks "docker.io/weaveworks/weave-npc:VERSION" */
      npc: image.optional(),
    })
    .prefault({}),
  /** When a node asks the registry for an image. @default "IfNotPresent" */
  pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent"),
  /** Secrets of kube-system with a registry's credentials, by name. @default [] */
  pullSecrets: z.array(z.string().min(1)).default([]),
  /** What the scheduler holds free on each node. */
  requests: z
    .strictObject({
      /** For weaver. @default "50m", that of Weave's own manifest */
      weaveCpu: quantity.default("50m"),
      /** For weave-npc. @default "50m", that of Weave's own manifest */
      npcCpu: quantity.default("50m"),
    })
    .prefault({}),
  /** weave-npc, which enforces policy. */
  npc: z
    .strictObject({
      /** Where it shows its metrics. @default ":6781" */
      metricsAddress: listen.default(":6781"),
      /** Multicast passes whatever the policies say. @default true */
      allowMulticast: z.boolean().default(true),
      /** Entries of a list of sets. @default 1024, weave-npc's */
      maxListSize: z.int().min(8).max(65536).default(1024),
    })
    .prefault({}),
  /** A node whose /etc/machine-id another node has too gets no Weave: the two would be one peer. @default true */
  checkMachineId: z.boolean().default(true),
  /** Nodes whose Weave is stopped at the same time when the DaemonSet changes: a number, or a share. @default 1, Kubernetes' */
  maxUnavailable: z.union([z.int().min(1), z.string().regex(/^(100|[1-9]\d?)%$/, 'a share such as "25%"')]).default(1),
  /** Labels of the nodes that get Weave, besides being Linux. @default {} (all) */
  nodeSelector: z.record(z.string(), z.string()).default({}),
  /** SELinux options of the pods. @default {} */
  seLinuxOptions: z.partialRecord(z.enum(["user", "role", "type", "level"]), z.string()).default({}),
  /** The API server as nodes reach it before kube-proxy runs. @default the cluster's own service */
  apiServer: z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65535).default(6443) }).optional(),
  /** Where weaver sees the node's own files. @default "/host" */
  hostRoot: absolutePath.default("/host"),
  /** Where weaver sees `dataDirectory`, and how the names of its files begin there. @default "/weavedb/weave-net" */
  dbPrefix: absolutePath.default("/weavedb/weave-net"),
});
