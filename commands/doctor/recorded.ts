import { z } from "zod";
import type { StackResource } from "../stack/state";
import type { ExpectedNode } from "./finding";

const settings = z.object({
  nodes: z.record(z.string(), z.object({ nic: z.string().optional(), mtu: z.int().optional() })).default({}),
});

/** What the inventory said of each node's NIC, as a stack's networks keep it. */
export function recordedNodes(records: readonly StackResource[]): Map<string, Pick<ExpectedNode, "nic" | "mtu">> {
  const found = records.flatMap(({ inputs }) => Object.entries(settings.safeParse(inputs.settings).data?.nodes ?? {}));
  return new Map(found);
}
