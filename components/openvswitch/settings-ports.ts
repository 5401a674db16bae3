import { z } from "zod";
import { ipAddress, oneOrMore } from "../addresses/schema";
import { cidr, deviceName } from "../node/words";

const vlan = z.int().min(0).max(4095);
const byNode = <T extends z.ZodType>(value: T) => z.record(z.string().min(1), value);
/** What Open vSwitch knows under its own names (ovs-vswitchd.conf.db(5)) and no setting says. */
export const otherConfig = z
  .record(
    z.string().regex(/^[\w.-]{1,64}$/, "a key of letters, digits, dots, dashes and underscores"),
    z.string().min(1),
  )
  .default({});

/** Rates in bits, or for `burst` in bits, of one class of traffic. */
const queue = z.strictObject({
  minRate: z.int().min(1).optional(),
  maxRate: z.int().min(1).optional(),
  burst: z.int().min(1).optional(),
  /** The lower is served first. */
  priority: z.int().min(0).max(4294967295).optional(),
});

const qos = z.strictObject({
  /** The kernel's discipline. @default "linux-htb" */
  type: z
    .enum([
      "linux-htb",
      "linux-hfsc",
      "linux-sfq",
      "linux-codel",
      "linux-fq_codel",
      "linux-netem",
      "linux-noop",
      "egress-policer",
      "trtcm-policer",
    ])
    .default("linux-htb"),
  /** Bits a second that leave by the port. @default the link's speed */
  maxRate: z.int().min(1).optional(),
  /** By number; packets that no flow puts elsewhere are of queue 0. @default {} */
  queues: z.record(z.string().regex(/^\d{1,5}$/, "a queue's number"), queue).default({}),
  otherConfig,
});

/** What comes in by the port beyond it is dropped; 0: no limit. */
const policing = z.strictObject({
  /** Thousands of bits a second. @default 0 */
  rateKbps: z.int().min(0).default(0),
  /** Thousands of bits at once. @default 0 (Open vSwitch takes 8000) */
  burstKb: z.int().min(0).default(0),
  /** Thousands of packets a second, and packets at once. @default 0 */
  packetRateK: z.int().min(0).default(0),
  packetBurstK: z.int().min(0).default(0),
});

/** Connectivity fault management (802.1ag) to the other end. */
const cfm = z.strictObject({
  /** Each node's number, which no other end of the same link has. */
  mpid: byNode(z.int().min(1).max(8191)),
  /** Milliseconds between messages. @default 1000, Open vSwitch's */
  intervalMs: z.int().min(1).default(1000),
  /** Open vSwitch's own form, with more numbers and shorter intervals. @default false */
  extended: z.boolean().default(false),
  /** Traffic counts as a message. Needs `extended`. @default false */
  demand: z.boolean().default(false),
  /** What is said to the other end. @default "up" */
  opstate: z.enum(["up", "down"]).default("up"),
  /** VLAN and priority of the messages. @default none */
  vlan: vlan.optional(),
  priority: z.int().min(0).max(7).optional(),
});

/** Bidirectional forwarding detection (RFC 5880) to the other end. */
const bfd = z.strictObject({
  /** Milliseconds between messages sent, at least. @default 100, Open vSwitch's */
  minTxMs: z.int().min(1).default(100),
  /** Milliseconds between messages that can be received. @default 1000, Open vSwitch's */
  minRxMs: z.int().min(1).default(1000),
  /** The link counts as good as long as packets come in. @default false */
  forwardingIfRx: z.boolean().default(false),
});

/** Which VLANs a port has. */
const vlanFields = {
  /** The VLAN that the port is an access port of; with a native mode its native one. @default none */
  tag: z.int().min(0).max(4095).optional(),
  /** VLANs that a trunk carries. @default [] (all) */
  trunks: z.array(vlan).default([]),
  /** @default "access" with a tag, "trunk" without */
  vlanMode: z.enum(["access", "trunk", "native-tagged", "native-untagged", "dot1q-tunnel"]).optional(),
  /** Customer VLANs of a dot1q-tunnel. @default [] (all) */
  customerVlans: z.array(vlan).default([]),
};

/** What every kind of port may have. */
const portFields = {
  /** Nodes that have the port. @default the bridge's */
  nodes: z.array(z.string().min(1)).optional(),
  ...vlanFields,
  /** Forwards nothing to other protected ports. @default false */
  protected: z.boolean().default(false),
  qos: qos.optional(),
  policing: policing.prefault({}),
  cfm: cfm.optional(),
  bfd: bfd.optional(),
  otherConfig,
};

/** The protocols of tunnels; the last two are named to be refused. */
const tunnelType = z.enum([
  "geneve",
  "vxlan",
  "gre",
  "ip6gre",
  "erspan",
  "ip6erspan",
  "gtpu",
  "bareudp",
  "srv6",
  "stt",
  "lisp",
]);

const tunnelFields = {
  protocol: tunnelType,
  /** The network's number in the tunnel (VNI, GRE key), or "flow": OpenFlow says it. @default none */
  key: z.union([z.int().min(0).max(4294967295), z.literal("flow")]).optional(),
  /** UDP port. @default 4789 for vxlan, 6081 for geneve, 2152 for gtpu (IANA's) */
  port: z.int().min(1).max(65535).optional(),
  /** Checksums of the outer packet. @default Open vSwitch's: off over IPv4 */
  csum: z.boolean().optional(),
  /** Type of service and hops of the outer packet; "inherit": the inner one's. @default Open vSwitch's: 0 and 64 */
  tos: z.union([z.int().min(0).max(255), z.literal("inherit")]).optional(),
  ttl: z.union([z.int().min(1).max(255), z.literal("inherit")]).optional(),
  /** The outer packet may not be fragmented. @default true, Open vSwitch's */
  dontFragment: z.boolean().default(true),
  /** Further options of the interface, by Open vSwitch's names. @default {} */
  options: otherConfig,
};

/** One port of a bridge. */
export const port = z.discriminatedUnion("type", [
  /** A device that is there: a NIC, or one end of a veth pair. */
  z.strictObject({ type: z.literal("nic"), ...portFields }),
  /** A device that Open vSwitch makes, with addresses of the node. */
  z.strictObject({
    type: z.literal("internal"),
    /** Each node's addresses on it, with prefix length. @default {} */
    addresses: byNode(oneOrMore(cidr)).default({}),
    /** Bytes. @default the bridge's */
    mtu: z.int().min(576).max(65535).optional(),
    ...portFields,
  }),
  z.strictObject({
    type: z.literal("bond"),
    interfaces: z.array(deviceName).min(2),
    /** @default "active-backup", Open vSwitch's */
    mode: z.enum(["active-backup", "balance-slb", "balance-tcp"]).default("active-backup"),
    /** Whether the switch is asked. @default "off", Open vSwitch's */
    lacp: z.enum(["off", "active", "passive"]).default("off"),
    /** @default "slow", Open vSwitch's: a message every 30 s; fast: every second */
    lacpTime: z.enum(["slow", "fast"]).default("slow"),
    /** Active-backup when the switch does not answer. @default false */
    lacpFallback: z.boolean().default(false),
    /** Milliseconds that an interface must be up, or down, before it counts. @default 0 */
    upDelayMs: z.int().min(0).default(0),
    downDelayMs: z.int().min(0).default(0),
    /** Milliseconds between moves of flows to another interface; 0: none move. @default 10000, Open vSwitch's */
    rebalanceMs: z.int().min(0).default(10000),
    ...portFields,
  }),
  /** One end of a cable to another bridge of the node. */
  z.strictObject({ type: z.literal("patch"), peer: deviceName, ...portFields }),
  /** A tunnel to an end that podnet does not manage, or to all that flows name. */
  z.strictObject({
    type: z.literal("tunnel"),
    remote: z.union([ipAddress, z.literal("flow")]),
    /** @default the kernel's choice */
    local: ipAddress.optional(),
    ...tunnelFields,
    ...portFields,
  }),
]);
export type Port = z.output<typeof port>;

/** Tunnels between the nodes of a bridge. */
export const tunnels = z.strictObject({
  ...tunnelFields,
  /**
   * "mesh": from each node to each, whose ports are protected so that no frame goes round. "star": from the hub to all.
   * @default "mesh"
   */
  topology: z.enum(["mesh", "star"]).default("mesh"),
  /** The node in the middle of a star. */
  hub: z.string().optional(),
  /** Each node's address that tunnels begin at. @default the node's own address */
  endpoints: byNode(ipAddress).default({}),
  ...vlanFields,
  cfm: cfm.optional(),
  bfd: bfd.optional(),
});
export type Tunnels = z.output<typeof tunnels>;
