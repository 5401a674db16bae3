import { z } from "zod";

const image = z.string().regex(/^[\w./:@-]+$/, "an image with its tag or digest");

/**
 * What runs on each node.
 *
 * `"calico-node"`: Calico's own image, whose start-up prepares the datastore and the node.
 * `"felix"`: an image of yours that has calico-felix and the tools it calls, and one that has the CNI plugins. What
 * calico-node's start-up would do, podnet's objects and an init container do. No BGP, no IPIP, no eBPF.
 */
export const agent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("calico-node") }),
  z.strictObject({
    type: z.literal("felix"),
    /** calico-felix, iptables and ip6tables (save and restore), ipset, conntrack. */
    felixImage: image,
    /** @default ["calico-felix"] */
    felixCommand: z.array(z.string().min(1)).min(1).default(["calico-felix"]),
    /** The plugins calico, calico-ipam, host-local, portmap and loopback, and /bin/sh with cat, cp, mkdir and mv. */
    pluginImage: image,
    /** Folder of the plugins in that image. @default "/opt/cni/bin" */
    pluginDirectory: z
      .string()
      .regex(/^\/[^\0\n']*$/, "an absolute path")
      .default("/opt/cni/bin"),
  }),
]);

export type Agent = z.output<typeof agent>;
export type FelixAgent = Extract<Agent, { type: "felix" }>;
