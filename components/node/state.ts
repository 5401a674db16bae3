import { z } from "zod";
import { content, isFromOnePlace, onePlace } from "./content";
import { ovsRow } from "./ovsdb/tables";
import {
  absolutePath,
  cidr,
  deviceName,
  fwmark,
  ipAddress,
  moduleName,
  nftFamily,
  nftTable,
  octalMode,
  sysctlName,
  sysctlValue,
  text,
  unitName,
} from "./words";

/**
 * What one owner (one network) wants of one node, as data.
 *
 * Every list is a kind; every entry is one thing on the node. An owner sees only what it lists: everything else on
 * the node belongs to somebody else and is never touched.
 */

const mtu = z.int().min(576).max(65535);

const linkCommon = { name: deviceName, mtu: mtu.optional(), up: z.boolean().default(true) };

/** Consecutive addresses, so that a list of peers does not grow with the cluster: `count` addresses from `address`. */
const addressRun = z.strictObject({ address: ipAddress, count: z.int().min(1).default(1) });

export const link = z.discriminatedUnion("type", [
  z.strictObject({
    ...linkCommon,
    type: z.literal("bridge"),
    /** Spanning tree. @default false */
    stp: z.boolean().default(false),
    /** Seconds a port waits before it forwards. @default 0 */
    forwardDelaySeconds: z.int().min(0).default(0),
    /** A fixed hardware address, so that ports that come and go do not change it. */
    mac: z.mac().optional(),
    /** Takes the hardware address of this device when the change is made (a NIC that moves into the bridge). */
    macFrom: deviceName.optional(),
  }),
  z.strictObject({
    ...linkCommon,
    type: z.literal("vxlan"),
    vni: z.int().min(1).max(16777215),
    /** UDP port. @default 4789, IANA's for VXLAN (RFC 7348) */
    port: z.int().min(1).max(65535).default(4789),
    local: ipAddress,
    /** Learn which peer a hardware address is behind. @default true */
    learning: z.boolean().default(true),
    /** A fixed hardware address, so that peers that remember it find the node after its reboot. */
    mac: z.mac().optional(),
    /** Where frames with an unknown destination go: the other ends of the tunnel. */
    peers: z.array(addressRun).default([]),
  }),
  z.strictObject({ ...linkCommon, type: z.literal("dummy") }),
  z.strictObject({ ...linkCommon, type: z.literal("veth"), peer: deviceName }),
  z.strictObject({
    ...linkCommon,
    /** A device that is there already (a NIC): only the attributes named here are set, and put back on delete. */
    type: z.literal("device"),
    /** The bridge this device is a port of. */
    master: deviceName.optional(),
    /**
     * Somebody else's daemon will take the device for itself: nothing of the node is changed where it carries an address
     * or a route of the node's, which would be lost with it. @default false
     */
    spare: z.boolean().default(false),
  }),
]);

/**
 * A route, or a run of them: with `count` n, n subnets of the size of `to`, one after another, each by the next hop
 * that follows the one before (`via` an address) or by the subnet's own first address (`via: "network"`).
 */
export const route = z.strictObject({
  to: z.union([cidr, z.enum(["default", "default6"])]),
  via: z.union([ipAddress, z.literal("network")]).optional(),
  device: deviceName.optional(),
  /** Routing table number. @default 254, the main table */
  table: z.int().min(1).max(4294967295).default(254),
  metric: z.int().min(0).optional(),
  /** The next hop is reachable on `device` though no subnet of it says so. @default false */
  onlink: z.boolean().default(false),
  /** Source address for traffic that the node itself sends. */
  source: ipAddress.optional(),
  count: z.int().min(1).default(1),
});

/** A ruleset cannot close its table and go on outside of it. Braces in strings and comments do not count. */
function isBalanced(ruleset: string): boolean {
  const braces = ruleset.replaceAll(/"[^"\n]*"|#.*$/gm, "").replaceAll(/[^{}]/g, "");
  let depth = 0;
  for (const brace of braces) {
    depth += brace === "{" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

export const nodeState = z.strictObject({
  /** Kernel modules that must be loaded (or built in). */
  modules: z.array(moduleName).default([]),
  sysctls: z.record(sysctlName, sysctlValue).default({}),
  directories: z
    .array(
      z
        .strictObject({
          path: absolutePath,
          mode: octalMode.default("0755"),
          /** Others fill it; when podnet made it, delete removes it with all that is in it. @default false */
          purge: z.boolean().default(false),
        })
        .refine(
          ({ path, purge }) => !purge || path.split("/").length > 2,
          "purge never takes a directory right under /",
        ),
    )
    .default([]),
  files: z
    .array(
      z.strictObject({
        path: absolutePath,
        content: text,
        mode: octalMode.default("0644"),
        uid: z.int().min(0).default(0),
        gid: z.int().min(0).default(0),
      }),
    )
    .default([]),
  /** Rows of Open vSwitch's database. */
  openvswitch: z.array(ovsRow).default([]),
  links: z.array(link).default([]),
  addresses: z.array(z.strictObject({ device: deviceName, address: cidr })).default([]),
  /**
   * NICs that become ports of a bridge with everything that is theirs: addresses and routes are read from the node
   * when the change is made and move with the NIC.
   */
  uplinks: z
    .array(
      z.strictObject({
        device: deviceName,
        bridge: deviceName,
        /** What the NIC must carry; when another device does, the NIC is the wrong one and nothing is changed. */
        addresses: z.array(ipAddress).default([]),
      }),
    )
    .default([]),
  routes: z.array(route).default([]),
  rules: z
    .array(
      z.strictObject({
        family: z.enum(["ipv4", "ipv6"]).default("ipv4"),
        priority: z.int().min(1).max(32765),
        from: cidr.optional(),
        to: cidr.optional(),
        fwmark: fwmark.optional(),
        table: z.int().min(1),
      }),
    )
    .default([]),
  /** Whole nftables tables, each owned by us alone: `ruleset` is what stands between the table's braces. */
  nftables: z
    .array(
      z.strictObject({
        family: nftFamily,
        table: nftTable,
        ruleset: text.refine(isBalanced, "braces that close what they open: it is the inside of one table"),
      }),
    )
    .default([]),
  /** Rules put first in chains that others own (Docker's and ufw's FORWARD). Left out on nodes without iptables. */
  iptables: z
    .array(
      z.strictObject({
        family: z.enum(["ipv4", "ipv6"]).default("ipv4"),
        table: z.enum(["filter", "nat", "mangle", "raw"]).default("filter"),
        chain: z.string().regex(/^[\w-]{1,28}$/, "a chain's name has 1 to 28 letters, digits, dashes and underscores"),
        /** Match and target, one word an element: ["-s", "10.244.0.0/16", "-j", "ACCEPT"]. */
        rule: z.array(z.string().regex(/^[^\p{Cc}]*$/u, "a word without control characters")),
      }),
    )
    .default([]),
  units: z
    .array(
      z
        .strictObject({
          name: unitName,
          /** The unit file, in /etc/systemd/system. Without it the unit is somebody else's, and only switched. */
          content: text.optional(),
          enabled: z.boolean().default(true),
          active: z.boolean().default(true),
        })
        .refine(({ enabled, content }) => !enabled || content === undefined || /^\[Install\]\s*$/m.test(content), {
          path: ["content"],
          message: "a unit without an [Install] section cannot be enabled; give it one, or say enabled: false",
        }),
    )
    .default([]),
  /** Binaries, by URL (the node fetches it) or from a file beside the program (pushed over SSH). */
  artifacts: z
    .array(
      z
        .strictObject({ path: absolutePath, ...content, mode: octalMode.default("0755") })
        .refine(isFromOnePlace, onePlace),
    )
    .default([]),
});

/** A node's state with every default explicit. */
export type NodeStateDocument = z.output<typeof nodeState>;
/** A node's state as it may be written. */
export type NodeStateInput = z.input<typeof nodeState>;
export type Link = z.output<typeof link>;
export type Route = z.output<typeof route>;
