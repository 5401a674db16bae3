import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { selector } from "./policy/selector";

/** RFC 6793: 32 bits; 0 and the last are reserved (RFC 7607, RFC 7300). */
const asNumber = z.int().min(1).max(4294967294);
const port = z.int().min(1).max(65535);

/** A password that a Secret in the namespace of calico-node holds; podnet never sees it. */
const password = z.strictObject({ secret: z.string().min(1), key: z.string().min(1) });

/** aa:nn of two 16-bit numbers, or aa:nn:mm of three 32-bit ones (RFC 1997, RFC 8092). */
const community = z
  .string()
  .regex(/^\d+:\d+(:\d+)?$/, 'a BGP community such as "65000:120", or a large one "65000:1:120"');

const bgpPeer = z.strictObject({
  /** The nodes that speak to it: one by name, or those with these labels. @default every node */
  node: z.string().min(1).optional(),
  nodeSelector: selector.optional(),
  /** The other end: an address (with a port after a colon where it is not 179), or nodes with these labels. */
  peerIp: z
    .string()
    .regex(/^[\da-fA-F.:]+$|^\[[\da-fA-F:]+\]:\d+$/, "an address, or an address and a port")
    .optional(),
  peerSelector: selector.optional(),
  asNumber: asNumber.optional(),
  password: password.optional(),
  /** `"UseNodeIP"`: from the node's own address; `"None"`: as the kernel chooses. @default "UseNodeIP" */
  sourceAddress: z.enum(["UseNodeIP", "None"]).default("UseNodeIP"),
  /** Tells routes with the next hop they were learned by. @default false */
  keepOriginalNextHop: z.boolean().default(false),
  /** Hops to the peer at most; packets from farther away are dropped (RFC 5082). @default no limit */
  ttlSecurity: z.int().min(1).max(255).optional(),
  /** Names of BGPFilters. @default [] */
  filters: z.array(z.string().min(1)).default([]),
  /** The gateway that a peer outside of the node's subnet is reached by, as a static route. */
  reachableBy: ipAddress.optional(),
});

export const bgpSettings = z.strictObject({
  /** Nodes tell routes to each other and to peers by BGP (BIRD). @default true when a pool needs it, or peers are named */
  enabled: z.boolean().optional(),
  /** AS number of the nodes. @default 64512, the first private one (RFC 6996), as Calico takes it */
  asNumber: asNumber.default(64512),
  /** Every node speaks to every other. Above 100 nodes take route reflectors instead. @default true without route reflectors */
  nodeToNodeMesh: z.boolean().optional(),
  /** @default none */
  meshPassword: password.optional(),
  /** TCP port. @default 179 */
  listenPort: port.default(179),
  /** Listens on the node's own address only, or on all. @default "None", all */
  bindMode: z.enum(["None", "NodeIP"]).default("None"),
  /** Ranges of services that are told to peers. @default [] */
  serviceClusterIps: oneOrMore(cidr).default([]),
  serviceExternalIps: oneOrMore(cidr).default([]),
  serviceLoadBalancerIps: oneOrMore(cidr).default([]),
  /** Names of communities. @default {} */
  communities: z.record(z.string().min(1), community).default({}),
  /** Communities that routes of a range are told with, by name or value. @default {} */
  prefixAdvertisements: z.record(z.string().min(1), z.array(z.string().min(1)).min(1)).default({}),
  /** Interfaces whose routes are not read: patterns of the kernel's names. @default [] */
  ignoredInterfaces: z.array(z.string().min(1)).default([]),
  /** Peers by name: top-of-rack switches, other clusters. @default {} */
  peers: z
    .record(
      z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a name of lower-case letters, digits and dashes"),
      bgpPeer,
    )
    .default({}),
  /** Nodes that pass routes on, so that others need not speak to each other. */
  routeReflectors: z
    .strictObject({
      /** Their names; two at the least, so that one may fail. */
      nodes: z.array(z.string().min(1)).min(1),
      /** An IPv4 address that is nobody's, as BGP writes numbers. @default "244.0.0.1" */
      clusterId: z.ipv4().default("244.0.0.1"),
    })
    .optional(),
});

export type BgpSettings = z.output<typeof bgpSettings>;
export type BgpPeer = z.output<typeof bgpPeer>;
