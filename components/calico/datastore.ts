import { z } from "zod";

/** Where Calico keeps its resources: in the Kubernetes API, or in an etcd of its own. */
export const datastore = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("kubernetes") }),
  z.strictObject({
    type: z.literal("etcd"),
    /** "https://192.0.2.5:2379" */
    endpoints: z.array(z.url({ protocol: /^https?$/ })).min(1),
    /**
     * The Secret in the pods' namespace with the keys etcd-ca, etcd-cert and etcd-key. It is named and never read:
     * make it where your secrets are kept. @default none, for endpoints without TLS
     */
    tlsSecret: z.string().min(1).optional(),
  }),
]);

export type Datastore = z.output<typeof datastore>;

/** Files of etcd's certificates in containers that mount the Secret. */
export const etcdFiles = {
  ca: "/calico-secrets/etcd-ca",
  cert: "/calico-secrets/etcd-cert",
  key: "/calico-secrets/etcd-key",
} as const;
