import { createHash } from "node:crypto";

/** A hardware address that stays: locally administered, and different for each node and device. */
export function macOf(network: string, node: string, device: string): string {
  const digest = createHash("sha256").update(`${network}/${node}/${device}`).digest("hex");
  return ["0a", ...(digest.slice(0, 10).match(/../g) ?? [])].join(":");
}
