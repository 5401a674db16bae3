import { z } from "zod";
import { artifact } from "../cni";
import { etcdAccess } from "../etcd/settings";
import { unitPath } from "../node/words";

/** What is only said of flannel on hosts without Kubernetes. */
export const etcd = z.strictObject({
  ...etcdAccess,
  /** Where flannel's configuration and the nodes' leases are in etcd. @default "/coreos.com/network", flannel's */
  prefix: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, 'a key such as "/coreos.com/network", without a slash at its end')
    .default("/coreos.com/network"),
  /** Minutes before its end that a lease of 24 hours is renewed. @default 60, flannel's */
  leaseRenewMarginMinutes: z.int().min(1).max(1439).default(60),
  /** Where flanneld writes the node's subnet, for whoever attaches containers. @default "/run/flannel/subnet.env", flannel's */
  subnetFile: unitPath.default("/run/flannel/subnet.env"),
  /** flanneld on the nodes. */
  flanneld: z
    .strictObject({
      /** @default "/opt/bin/flanneld" */
      path: unitPath.default("/opt/bin/flanneld"),
      /** Put there by podnet. @default none (it is there already) */
      artifact: artifact.optional(),
    })
    .prefault({}),
  /**
   * What attaches containers: `"cni"`, any runtime with the flannel CNI plugin; `"docker"`, Docker's own bridge with
   * the node's subnet.
   * @default "cni"
   */
  runtime: z.enum(["cni", "docker"]).default("cni"),
  /** Only with `runtime: "docker"`. */
  docker: z
    .strictObject({
      /** How docker.service starts Docker; the bridge's options are put after it. @default that of Docker's own packages */
      command: z
        .string()
        .regex(/^\/[^\n]*$/, "a command, by its absolute path")
        .default("/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock"),
    })
    .optional(),
});
