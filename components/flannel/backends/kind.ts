import { z } from "zod";
import type { Family } from "../../addresses/cidr";
import type { FirewallPort } from "../../network-nodes/firewall";

/** What a backend's configuration is worked out from, besides its own options. */
export interface Surroundings {
  families: Family[];
  /** Bytes that the smallest NIC carries; unknown without an inventory, when flanneld looks at each node's own. */
  underlayMtu?: number;
  /** The pre-shared key, where there is one. */
  psk?: string;
}

/** One way in which packets get from node to node: its options, and all that follows from them. */
export interface BackendKind<Schema extends z.ZodObject = z.ZodObject> {
  schema: Schema;
  /** Its name in flannel's configuration. */
  flannelType: string;
  /** Families that its pods can have. IPv6 only where flannel's documentation on dual stack lists the backend. */
  families: Family[];
  /** Bytes that it puts before each packet of a pod. */
  overhead(options: z.output<Schema>, families: Family[]): number;
  /** Bytes that NICs carry where it is used, when nobody says. @default 1500 */
  nicMtu?: number;
  /** What must pass between the nodes. */
  ports(options: z.output<Schema>, families: Family[]): FirewallPort[];
  /** Kernel modules that it needs. */
  modules: string[];
  /** Devices that it makes on a node. */
  devices(options: z.output<Schema>): string[];
  /** Its part of flannel's configuration, in flannel's words. */
  configuration(options: z.output<Schema>, surroundings: Surroundings): Record<string, unknown>;
}

const optionsOf = new Map<string, string[]>();

/** A backend's options. One that is another backend's is refused with the backends that have it. */
export function backendSchema<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  optionsOf.set(type, Object.keys(shape));
  return z.strictObject({ type: z.literal(type), ...shape }, { error: (issue) => strangers(type, issue) });
}

function strangers(type: string, issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const own = optionsOf.get(type) ?? [];
  return (issue.keys as string[])
    .map((key) => {
      const owners = [...optionsOf]
        .filter(([, options]) => options.includes(key))
        .map(([owner]) => owner)
        .sort();
      if (owners.length > 0) return `backend ${type} has no option "${key}"; it is one of ${owners.join(", ")}`;
      return `backend ${type} has no option "${key}"; it has ${own.length > 0 ? own.join(", ") : "none"}`;
    })
    .join("\n");
}
