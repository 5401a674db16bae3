import { z } from "zod";
import { oneOrMore } from "../addresses/schema";
import { deviceName } from "../node/words";

/** "192.0.2.9:6343", "[2001:db8::9]:6343" */
const collector = z
  .string()
  .regex(/^(\d+\.\d+\.\d+\.\d+|\[[\da-fA-F:.]+\]):\d{1,5}$/, 'an address and a UDP port: "192.0.2.9:6343"');
const collectors = oneOrMore(collector).refine((list) => list.length > 0, "name at least one collector");

/** NetFlow version 5, of every flow of a bridge. */
export const netflow = z.strictObject({
  /** Collectors, "ADDRESS:PORT". */
  targets: collectors,
  /** Seconds after which a flow that goes on is reported again. @default 600, Open vSwitch's */
  activeTimeoutSeconds: z.int().min(1).max(65535).default(600),
  /** The engine's ID says which port a flow came in by. @default false */
  addIdToInterface: z.boolean().default(false),
});

/** sFlow: one of so many packets, and counters of ports. */
export const sflow = z.strictObject({
  /** Collectors, "ADDRESS:PORT". */
  targets: collectors,
  /** One of this many packets is reported. @default 400, Open vSwitch's */
  sampling: z.int().min(1).default(400),
  /** Seconds between reports of a port's counters; 0: none. @default 30, Open vSwitch's */
  pollingSeconds: z.int().min(0).default(30),
  /** Bytes of a packet that are reported. @default 128, Open vSwitch's */
  headerBytes: z.int().min(1).max(65535).default(128),
  /** The device whose address the reports come from. @default the one that the route to the collector leaves by */
  agent: deviceName.optional(),
});

/** IPFIX of a bridge: flows of one of so many packets. */
export const ipfix = z.strictObject({
  /** Collectors, "ADDRESS:PORT". */
  targets: collectors,
  /** One of this many packets is looked at. @default 400, Open vSwitch's */
  sampling: z.int().min(1).default(400),
  /** Observation domain and point. @default 0 */
  domainId: z.int().min(0).max(4294967295).default(0),
  pointId: z.int().min(0).max(4294967295).default(0),
  /** Seconds that a flow is kept before it is reported; 0: each packet is. @default 0 */
  cacheActiveSeconds: z.int().min(0).max(4200).default(0),
  /** Flows kept at most; 0: none. @default 0 */
  cacheMaxFlows: z.int().min(0).default(0),
});

/** Packets of some ports or VLANs, copied to a port or into a VLAN. */
export const mirror = z.strictObject({
  /** Nodes that have it. @default the bridge's */
  nodes: z.array(z.string().min(1)).optional(),
  /** Every packet of the bridge. @default false */
  all: z.boolean().default(false),
  /** Ports whose incoming packets are copied. @default [] */
  from: z.array(deviceName).default([]),
  /** Ports whose outgoing packets are copied. @default [] */
  to: z.array(deviceName).default([]),
  /** Only packets of these VLANs. @default [] (all) */
  vlans: z.array(z.int().min(0).max(4095)).default([]),
  /** The port that gets the copies, and nothing else from here on. */
  outputPort: deviceName.optional(),
  /** Or the VLAN that they go into. */
  outputVlan: z.int().min(1).max(4095).optional(),
  /** Bytes of each copy. @default whole packets */
  snapLength: z.int().min(14).max(65535).optional(),
});

/** Where OpenFlow comes from. */
export const controllers = z.strictObject({
  /** "tcp:192.0.2.9:6653", "ssl:...", or "ptcp:6653:127.0.0.1" for one that connects to the node. */
  targets: oneOrMore(z.string()).refine((list) => list.length > 0, "name at least one controller"),
  /**
   * "out-of-band": the way to the controllers is not by this bridge. "in-band": it may be, and Open vSwitch adds flows
   * of its own for it. @default "out-of-band"
   */
  connectionMode: z.enum(["in-band", "out-of-band"]).default("out-of-band"),
  /** Milliseconds of silence after which a controller is asked whether it is there. @default 5000, Open vSwitch's */
  inactivityProbeMs: z.int().min(0).default(5000),
  /** Milliseconds between tries to connect, at most. @default 8000, Open vSwitch's */
  maxBackoffMs: z.int().min(1000).default(8000),
});
