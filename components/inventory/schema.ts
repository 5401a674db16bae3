import { z } from "zod";
import { isIpAddress } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { cidr, ipAddress } from "../addresses/schema";
import { connection } from "../node/connection";
import { deviceName } from "../node/words";
import { secretOutput } from "../secret-text";

const key = z.union([z.strictObject({ secret: secretOutput }), connection.shape.key.unwrap()]).optional();

/** The connection of a node, whose key may also be a Pulumi secret. */
const nodeConnection = connection.extend({ key, jump: connection.shape.jump.unwrap().extend({ key }).optional() });

/** Nodes that reach each other without a router: one broadcast domain. */
const segment = z.strictObject({
  /** The underlay's networks, one for each address family. @default [] (no check that a next hop is on-link) */
  subnets: z.array(cidr).default([]),
  /** The routers' addresses in this segment, one for each address family. @default [] */
  routers: z.array(ipAddress).default([]),
});

const node = z.strictObject({
  /** How the node is reached over SSH; what `defaults.connection` says need not be repeated. */
  connection: nodeConnection,
  /**
   * The node's own addresses, next hops of the other nodes: one for each address family.
   * @default connection.host, when that is an address
   */
  addresses: z.array(ipAddress).default([]),
  /** @default the segment whose subnets hold the node's address */
  segment: z.string().optional(),
  /** The NIC that carries pod traffic. @default the one that the kernel routes to the other nodes by */
  nic: deviceName.optional(),
  /** Bytes that the NIC and the network behind it carry. @default 1500 */
  mtu: z.int().min(576).max(65535).optional(),
});

const nodeName = z.string().regex(/^[A-Za-z0-9]([\w.-]{0,251}[A-Za-z0-9])?$/, "a node's name is a host name");

/** The nodes of a network and how they are reached. */
export const inventorySchema = z.preprocess(
  spreadDefaults,
  z.strictObject({
    /** Holds for every node that does not say otherwise. */
    defaults: z.strictObject({ connection: z.record(z.string(), z.unknown()).optional() }).optional(),
    /** @default one segment that all nodes are in */
    segments: z.record(z.string().min(1), segment).default({}),
    nodes: z.record(nodeName, node),
  }),
);

export type InventoryDocument = z.output<typeof inventorySchema>;
export type Segment = z.output<typeof segment>;
export type NodeConnection = z.output<typeof nodeConnection>;
type ConnectionValue = z.input<typeof nodeConnection>;

/** An inventory as it may be written. */
export interface InventoryInput {
  defaults?: { connection?: Partial<ConnectionValue> };
  segments?: Record<string, z.input<typeof segment>>;
  nodes: Record<string, Omit<z.input<typeof node>, "connection"> & { connection: Partial<ConnectionValue> }>;
}

/** Nodes as another tool describes them, with what of it is wrong and what is not used. */
export interface Imported {
  nodes: InventoryInput["nodes"];
  problems: Problem[];
  warnings: string[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Gives every node the default connection, before the schema looks, so that each connection is checked whole. */
function spreadDefaults(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value.nodes)) return value;
  const shared = isRecord(value.defaults) && isRecord(value.defaults.connection) ? value.defaults.connection : {};
  const nodes = Object.entries(value.nodes).map(([name, one]) => {
    if (!isRecord(one)) return [name, one];
    const own = isRecord(one.connection) ? { ...shared, ...one.connection } : (one.connection ?? shared);
    const host = isRecord(own) ? own.host : undefined;
    const addresses = one.addresses ?? (typeof host === "string" && isIpAddress(host) ? [host] : undefined);
    return [name, { ...one, connection: own, ...(addresses !== undefined && { addresses }) }];
  });
  return { ...value, nodes: Object.fromEntries(nodes) };
}
