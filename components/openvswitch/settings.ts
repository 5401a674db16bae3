import { z } from "zod";
import { oneOrMore } from "../addresses/schema";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { absolutePath, cidr, deviceName } from "../node/words";
import { otherConfig, port, tunnels } from "./settings-ports";
import { controllers, ipfix, mirror, netflow, sflow } from "./settings-watch";

const { verification: _, ...changeFields } = nodeChangeFields;

const bridge = z.strictObject({
  /** Nodes that have the bridge. @default all */
  nodes: z.array(z.string().min(1)).optional(),
  /**
   * The node's NIC (`nic` in the inventory) becomes a port of the bridge, and its addresses and routes move to the bridge.
   * @default false
   */
  uplink: z.boolean().default(false),
  /** Each node's addresses on the bridge's own device, with prefix length; they are there after a reboot. @default {} */
  addresses: z.record(z.string().min(1), oneOrMore(cidr)).default({}),
  /**
   * Bytes of the largest packet of the bridge's own device.
   * @default what the node's NIC carries, less what the bridge's tunnels take
   */
  mtu: z.int().min(576).max(65535).optional(),
  /** The VLAN that the bridge's own device is in. @default none */
  tag: z.int().min(0).max(4095).optional(),
  /** OpenFlow versions that are spoken. @default [] (Open vSwitch's: 1.0 to 1.5) */
  protocols: z
    .array(z.enum(["OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", "OpenFlow14", "OpenFlow15"]))
    .default([]),
  /** Without a controller the bridge learns and forwards, or it forwards nothing new. @default "standalone" */
  failMode: z.enum(["standalone", "secure"]).default("standalone"),
  /** @default "none" */
  spanningTree: z.enum(["none", "stp", "rstp"]).default("none"),
  /** IGMP and MLD decide where multicast goes. @default false */
  multicastSnooping: z.boolean().default(false),
  /** Seconds that a hardware address is remembered. @default 300, Open vSwitch's */
  macAgingSeconds: z.int().min(15).max(3600).default(300),
  /** Frames of 802.1D's reserved addresses are forwarded. @default false */
  forwardBpdu: z.boolean().default(false),
  /** By the device's name. @default {} */
  ports: z.record(deviceName, port).default({}),
  /** Tunnels between the bridge's nodes, by a name of at most 6 letters, with which their ports' names begin. @default {} */
  tunnels: z
    .record(z.string().regex(/^[a-z][a-z0-9]{0,5}$/, "1 to 6 lower-case letters and digits"), tunnels)
    .default({}),
  /** By name. @default {} */
  mirrors: z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z_][\w-]{0,63}$/,
          "a mirror's name begins with a letter and has letters, digits, dashes and underscores",
        ),
      mirror,
    )
    .default({}),
  controllers: controllers.optional(),
  netflow: netflow.optional(),
  sflow: sflow.optional(),
  ipfix: ipfix.optional(),
  otherConfig,
});
export type Bridge = z.output<typeof bridge>;

/** What may be said of Open vSwitch on nodes. */
export const openVSwitchSettings = z.strictObject({
  /** The nodes and how they are reached: `Inventory.fromFile(path)`, `Inventory.of({ ... })`. */
  nodes: inventory,

  /**
   * `"system"`: packets are forwarded by the kernel's module openvswitch. `"netdev"`: by ovs-vswitchd itself, where the
   * kernel has no such module; the host's own stack is then kept from the packets of NICs in bridges.
   * @default "system"
   */
  datapath: z.enum(["system", "netdev"]).default("system"),

  /** By name. */
  bridges: z.record(deviceName, bridge),

  /** Where others may manage the database: "ssl:192.0.2.9:6640", "ptcp:6640:127.0.0.1". @default [] (only the node itself) */
  managers: oneOrMore(z.string()).default([]),

  /** Paths on the nodes for controllers and managers over ssl. podnet reads none of them. @default none */
  ssl: z
    .strictObject({
      privateKey: absolutePath,
      certificate: absolutePath,
      caCertificate: absolutePath,
      /** The first certificate that a controller shows is kept as its authority's. @default false */
      bootstrap: z.boolean().default(false),
    })
    .optional(),

  ...changeFields,
});

/** Settings of Open vSwitch as they may be written. */
export type OpenVSwitchArgs = z.input<typeof openVSwitchSettings>;
export type ParsedSettings = z.output<typeof openVSwitchSettings>;
