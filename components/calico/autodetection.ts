import { z } from "zod";
import { cidr, oneOrMore } from "../addresses/schema";

/** How a node finds the address that others reach it by. */
export const autodetection = z.union([
  /** The first address of the first NIC that is no bridge of a runtime: right only on nodes with one NIC. */
  z.literal("first-found"),
  /** The address that the kubelet told. */
  z.literal("kubernetes-internal-ip"),
  z.strictObject({ interface: z.string().min(1) }),
  z.strictObject({ skipInterface: z.string().min(1) }),
  /** The address that the kernel would reach this host from. */
  z.strictObject({ canReach: z.string().min(1) }),
  z.strictObject({ cidrs: oneOrMore(cidr).refine((list) => list.length > 0, "name at least one range") }),
]);

export type Autodetection = z.output<typeof autodetection>;

/** The text that calico-node takes. */
export function methodText(method: Autodetection): string {
  if (typeof method === "string") return method;
  if ("interface" in method) return `interface=${method.interface}`;
  if ("skipInterface" in method) return `skip-interface=${method.skipInterface}`;
  if ("canReach" in method) return `can-reach=${method.canReach}`;
  return `cidr=${method.cidrs.join(",")}`;
}

/** The form that the operator's Installation takes. */
export function methodObject(method: Autodetection): Record<string, unknown> {
  if (method === "first-found") return { firstFound: true };
  if (method === "kubernetes-internal-ip") return { kubernetes: "NodeInternalIP" };
  return method as Record<string, unknown>;
}
