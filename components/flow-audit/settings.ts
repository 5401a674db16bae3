import { z } from "zod";
import { connection } from "../node/connection";
import { absolutePath } from "../node/words";
import type { Baseline } from "../policy/baseline";

/** What a FlowAudit is given. */
export const flowAuditSettings = z.strictObject({
  /** The baseline's name, as in messages. */
  name: z.string().min(1),
  /** The nodes that are asked. How they are reached is not what is read. */
  nodes: z.array(z.strictObject({ name: z.string().min(1), connection })),
  /** The kubelet's kubeconfig on the nodes. */
  kubeletConfig: absolutePath,
  /** What the connections are held against. */
  baseline: z.custom<Baseline>((one) => typeof one === "object" && one !== null && "allowances" in one, "a baseline"),
  /** How many groups of connections are listed; the rest is counted. */
  limit: z.int().min(1).max(1000),
});

export type FlowAuditInput = z.input<typeof flowAuditSettings>;
