import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { cni } from "../cni";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { deviceName } from "../node/words";
import { networkRoutes } from "../routes/settings";

const prefix = (longest: number) => z.int().min(1).max(longest).optional();
const range = z.strictObject({ start: ipAddress, end: ipAddress });

/** What may be said of a bridge network. */
export const bridgeSettings = z.strictObject({
  /**
   * `"routed"`: each node has a pod subnet behind a bridge of its own, and routes to the others'.
   * `"flat"`: pods are in the physical network; the node's NIC becomes a port of the bridge.
   * @default "routed"
   */
  shape: z.enum(["routed", "flat"]).default("routed"),

  /** The nodes and how they are reached: `Inventory.fromFile(path)`, `Inventory.of({ ... })`. */
  nodes: inventory,

  /** Addresses of all pods, one range for each address family. In the flat shape: the physical network's own. */
  podCidr: oneOrMore(cidr).refine((list) => list.length > 0, "name at least one range"),

  /**
   * Prefix length of a node's pod subnet.
   * @default ipv4: 24 (28 in the flat shape); ipv6: 64, or 8 longer than a pool that is longer than /56
   */
  nodePrefix: z.strictObject({ ipv4: prefix(30), ipv6: prefix(126) }).prefault({}),

  /** Addresses of services, to be held apart from pods. In the flat shape pods get a route to it by their node. @default none */
  serviceCidr: oneOrMore(cidr).default([]),

  /** Other ranges in use that pods and services must not overlap, by name: other clusters, VPNs, VPCs. @default none */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  /**
   * Bytes of the largest packet of a pod.
   * @default what the smallest NIC carries, less the encapsulation when the inventory describes several segments
   */
  mtu: z.int().min(576).max(65535).optional(),

  /** The bridge's name on each node. @default "podnet0" */
  bridge: deviceName.default("podnet0"),

  /**
   * How nodes of different segments reach each other's pods: `"router"`, by the segment's router, which must know the
   * routes in `routerRoutes`; `"vxlan"`, by a tunnel from node to node that routers know nothing of.
   * @default "router"
   */
  crossSegment: z.enum(["router", "vxlan"]).default("router"),

  /**
   * Makes the routes to pods in a cloud's tables, which the segments' routers go by, before the network is proven:
   * `(name, network, options) => new AwsRoutes(name, { network, vpc, nodes, tables }, options)`.
   * @default none: `routerRoutes` says what routers must be told
   */
  routes: networkRoutes.optional(),

  vxlan: z
    .strictObject({
      /** VXLAN network identifier. @default 1 */
      vni: z.int().min(1).max(16777215).default(1),
      /** UDP port. @default 4789, IANA's (RFC 7348) */
      port: z.int().min(1).max(65535).default(4789),
      /** The tunnel device's name on each node. @default "podnet-vx0" */
      name: deviceName.default("podnet-vx0"),
    })
    .prefault({}),

  /** Whether packets that leave the cluster take their node's address. Pod to pod is never translated. */
  masquerade: z
    .strictObject({
      /** @default true */
      ipv4: z.boolean().default(true),
      /** @default true for unique local pod addresses (fc00::/7), false for global ones, to which the world can answer */
      ipv6: z.boolean().optional(),
      /** Destinations that know the way to pods, and see their addresses. @default [] */
      except: oneOrMore(cidr).default([]),
    })
    .prefault({}),

  /** A pod reaches itself by a service address. @default true, false with cni.promiscMode */
  hairpin: z.boolean().optional(),

  /** `hostPort` of pods works (the portmap plugin). @default true */
  portMappings: z.boolean().default(true),

  /** The CNI plugins on the nodes. */
  cni: cni.prefault({}),

  /** Only in the flat shape. */
  flat: z
    .strictObject({
      /** Who gives addresses to pods: a range on each node, or the network's DHCP server. @default "host-local" */
      ipam: z.enum(["host-local", "dhcp"]).default("host-local"),
      /** The physical network's routers, one for each address family: the pods' default gateway. */
      gateway: oneOrMore(ipAddress).default([]),
      /** A part of the physical network that is given to pods and split among nodes by `nodePrefix`. */
      pool: oneOrMore(cidr).default([]),
      /** Or each node's own range, by node. */
      ranges: z.record(z.string(), oneOrMore(range)).default({}),
    })
    .prefault({}),

  ...nodeChangeFields,

  /**
   * Services on the nodes that would undo foreign network state, and are told not to. A file that nobody reads is
   * noise, so nothing is written unless it is said here; `podnet doctor` tells which of them run.
   */
  hostManagers: z
    .strictObject({
      /** NetworkManager leaves the bridge, the tunnel and the pods' interfaces alone. @default false */
      networkManager: z.boolean().default(false),
      /** systemd-networkd keeps routes that it did not make, after its next start. @default false */
      networkd: z.boolean().default(false),
    })
    .prefault({}),

  /**
   * Nodes learn their IPv6 default route from router advertisements by the kernel (accept_ra=1), which ends when
   * forwarding begins unless this is true. Needs `nic` of each node. Wrong where networkd or NetworkManager read the
   * advertisements themselves, and refused in the flat shape, whose bridge the CNI plugin keeps from receiving any.
   * @default false
   */
  routerAdvertisements: z.boolean().default(false),
});

/** A bridge network's settings as they may be written. */
export type BridgeNetworkArgs = z.input<typeof bridgeSettings>;
export type ParsedSettings = z.output<typeof bridgeSettings>;
