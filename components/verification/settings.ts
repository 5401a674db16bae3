import { z } from "zod";
import { connection } from "../node/connection";
import { absolutePath, ipAddress } from "../node/words";

const probedNode = z.strictObject({
  name: z.string().min(1),
  /** How the node is reached; a new key or address re-runs nothing. */
  connection,
  /** The node's own addresses: probed from every pod that probes this node. */
  addresses: z.array(ipAddress).default([]),
});

/** Up to this many nodes every pair is probed when nothing else is said: 380 pairs take about a second. */
export const fullCoverageNodes = 20;

/** What is probed and what a failed probe means. */
export const verificationSettings = z
  .strictObject({
    /** The network's name, as in messages. */
    network: z.string().min(1),
    nodes: z.array(probedNode).min(1),
    cni: z.strictObject({
      /** The CNI configuration list on the node that pods are attached with. */
      configFile: absolutePath.regex(/\.(conflist|conf|json)$/, "a .conflist, .conf or .json file"),
      /** Folder of the CNI plugins on the node. @default "/opt/cni/bin" */
      binaryDirectory: absolutePath.default("/opt/cni/bin"),
    }),
    /** Address families that pods have. @default ["ipv4"] */
    families: z
      .array(z.enum(["ipv4", "ipv6"]))
      .min(1)
      .default(["ipv4"]),
    /** The largest packet that pods may send to each other, in bytes; proven with probes that must not be cut up. */
    mtu: z.int().min(576).max(65535),
    /**
     * Which nodes' pods probe which: `"full"`, every pair, or `{ peers: n }`, n others from each node, chosen so that
     * each node is also probed by n others. @default "full" up to 20 nodes, otherwise { peers: 3 }
     */
    coverage: z.union([z.literal("full"), z.strictObject({ peers: z.int().min(1) })]).optional(),
    /**
     * Seconds in which the network may still be settling, as bridges with a spanning tree are, or a daemon that has yet to
     * write the CNI configuration: so long it is waited for, plugins that refuse are asked again, and then whoever is
     * silent. @default 0
     */
    settleSeconds: z.int().min(0).max(600).default(0),
    /** Whether a failed probe fails the run (`"any"`) or is only reported (`"none"`). @default "any" */
    failOn: z.enum(["any", "none"]).default("any"),
    /** Probed again when one of these changes. */
    triggers: z.record(z.string(), z.string()).default({}),
  })
  .superRefine((settings, context) => {
    const seen = new Set<string>();
    for (const [index, node] of settings.nodes.entries()) {
      if (seen.has(node.name)) {
        context.addIssue({
          code: "custom",
          path: ["nodes", index, "name"],
          message: `"${node.name}" is the name of another node too; give each node a name of its own`,
        });
      }
      seen.add(node.name);
    }
    if (settings.families.includes("ipv6") && settings.mtu < 1280) {
      context.addIssue({
        code: "custom",
        path: ["mtu"],
        message: `${settings.mtu} is less than the 1280 bytes that IPv6 needs (RFC 8200 §5); raise it or leave out ipv6`,
      });
    }
  });

/** Verification settings with every default explicit. */
export type VerificationSettings = z.output<typeof verificationSettings>;
/** Verification settings as they may be written. */
export type VerificationSettingsInput = z.input<typeof verificationSettings>;
export type ProbedNode = VerificationSettings["nodes"][number];
export type Family = VerificationSettings["families"][number];
