import { z } from "zod";
import { cidr } from "../addresses/schema";
import { selector } from "./policy/selector";

/**
 * How packets go from node to node, in the words of Calico's operator: always in a tunnel, only between nodes of
 * different subnets, or never.
 */
export const encapsulation = z.enum(["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"]);
export type Encapsulation = z.output<typeof encapsulation>;

/** A range that pods' addresses are taken from. */
export const pool = z.strictObject({
  cidr,
  /** @default the network's `encapsulation`; "None" for services' addresses, which Calico puts into no tunnel */
  encapsulation: encapsulation.optional(),
  /** Prefix length of the blocks that nodes take from the pool. @default 26 (IPv4), 122 (IPv6) */
  blockSize: z.int().min(20).max(128).optional(),
  /** Packets that leave all pools take their node's address. @default the network's `natOutgoing` */
  natOutgoing: z.boolean().optional(),
  /** The nodes that take addresses from it. @default "all()" */
  nodeSelector: selector.default("all()"),
  /** Gives no new addresses; those that are given stay. @default false */
  disabled: z.boolean().default(false),
  /** Is not told to BGP peers. @default false */
  disableBgpExport: z.boolean().default(false),
  /** What addresses are for: pods and nodes' tunnels, or services of type LoadBalancer. @default ["Workload", "Tunnel"] */
  allowedUses: z
    .array(z.enum(["Workload", "Tunnel", "LoadBalancer"]))
    .min(1)
    .default(["Workload", "Tunnel"]),
  /** `"Manual"`: only pods that ask for the pool by an annotation get an address of it. @default "Automatic" */
  assignment: z.enum(["Automatic", "Manual"]).default("Automatic"),
});

export type Pool = z.output<typeof pool> & { encapsulation: Encapsulation; blockSize: number; natOutgoing: boolean };

/** Whether a pool's addresses are those of services of type LoadBalancer, which no pod has. */
export function isForServices({ allowedUses }: Pick<Pool, "allowedUses">): boolean {
  return allowedUses.includes("LoadBalancer");
}

/** Whether packets of a pool are ever put into a tunnel, and into which. */
export function tunnelOf({ encapsulation: how }: { encapsulation: Encapsulation }): "vxlan" | "ipip" | undefined {
  if (how === "None") return undefined;
  return how.startsWith("VXLAN") ? "vxlan" : "ipip";
}

/** Calico's word for when a tunnel is used. */
export function modeOf(how: Encapsulation, tunnel: "VXLAN" | "IPIP"): "Always" | "CrossSubnet" | "Never" {
  if (!how.startsWith(tunnel)) return "Never";
  return how.endsWith("CrossSubnet") ? "CrossSubnet" : "Always";
}
