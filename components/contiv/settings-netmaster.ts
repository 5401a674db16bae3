import { z } from "zod";
import { cidr, ipAddress } from "../addresses/schema";
import { netmasterUrl } from "../netmaster/settings";

/** netmaster's own form of names (contivmodel): parts with dots between them, 64 characters. */
export const objectName = z
  .string()
  .regex(
    /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/,
    "letters, digits, - and .",
  )
  .max(64);

/** Addresses of a network: a range, or a part of one ("10.1.1.10-10.1.1.99/24"). */
const subnet = z
  .string()
  .regex(
    /^\d{1,3}(\.\d{1,3}){3}(-\d{1,3}(\.\d{1,3}){3})?\/\d{1,2}$/,
    'a range such as "10.1.1.0/24" or "10.1.1.10-10.1.1.99/24"',
  );

const network = z.strictObject({
  /** `"infra"` gives each host an address in it, `"data"` pods. @default "data" */
  type: z.enum(["data", "infra"]).default("data"),
  /** @default encapsulation of the whole */
  encapsulation: z.enum(["vlan", "vxlan"]).optional(),
  /** VLAN or VNI. @default netmaster's next free one */
  tag: z.int().min(1).max(16777215).optional(),
  subnet,
  /** @default none */
  gateway: ipAddress.optional(),
  ipv6Subnet: cidr.optional(),
  ipv6Gateway: ipAddress.optional(),
  /** A tag that schedulers find the network by. @default netmaster's */
  configuredTag: objectName.optional(),
});

const profile = z.strictObject({
  /** Outbound, such as "10 gbps" or "500kbps". @default none: unlimited */
  bandwidth: z
    .string()
    .regex(/^[1-9]\d* ?([kmgKMG](bps)?|[KkMmGg]b)$/, 'a rate such as "10 gbps"')
    .optional(),
  /** 0 to 63. @default 0, netmaster's */
  dscp: z.int().min(0).max(63).default(0),
  /** Kilobits. @default 0, netmaster's */
  burst: z.int().min(0).max(10486).default(0),
});

/** One end of a rule's connections. */
const peer = z.strictObject({
  group: objectName.optional(),
  network: objectName.optional(),
  /** An address or a range. */
  address: subnet.or(z.ipv4()).optional(),
});

const rule = z.strictObject({
  /** Of the group that the policy is put on. */
  direction: z.enum(["in", "out"]),
  /** 1 to 100; the higher one decides. @default 1, netmaster's */
  priority: z.int().min(1).max(100).default(1),
  /** Only with direction in. @default everybody */
  from: peer.optional(),
  /** Only with direction out. @default everybody */
  to: peer.optional(),
  /** "tcp", "udp", "icmp", or a protocol's number. @default all */
  protocol: z
    .string()
    .regex(/^(tcp|udp|icmp|\d{1,3})$/, "tcp, udp, icmp, or a protocol's number")
    .optional(),
  /** @default all */
  port: z.int().min(1).max(65535).optional(),
  action: z.enum(["allow", "deny"]),
});

const group = z.strictObject({
  network: objectName,
  /** A part of the network's addresses: "10.1.1.10-10.1.1.20". @default all */
  ipPool: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3}){3}-\d{1,3}(\.\d{1,3}){3}$/, 'a range such as "10.1.1.10-10.1.1.20"')
    .optional(),
  /** @default [] */
  policies: z.array(objectName).default([]),
  profile: objectName.optional(),
  /** With aci. @default [] */
  contracts: z.array(objectName).default([]),
  configuredTag: objectName.optional(),
});

const contracts = z.strictObject({
  type: z.enum(["provided", "consumed"]),
  contracts: z.array(z.string().min(1)).min(1),
});

const service = z.strictObject({
  network: objectName,
  /** @default netmaster's next free one */
  address: ipAddress.optional(),
  /** Labels of the containers behind it. */
  selectors: z.record(z.string(), z.string()).refine((labels) => Object.keys(labels).length > 0, "at least one label"),
  /** "80:8080:TCP". */
  ports: z
    .array(z.string().regex(/^\d{1,5}:\d{1,5}:(TCP|UDP|tcp|udp)$/, 'PORT:TARGET:PROTOCOL, such as "80:8080:TCP"'))
    .min(1),
});

const named = <T extends z.ZodType>(one: T) => z.record(objectName, one).default({});

/** What belongs to one tenant, as netmaster keeps it. Pods choose by the labels io.contiv.tenant, .network and .net-group. */
export const tenant = z.strictObject({
  networks: named(network),
  profiles: named(profile),
  /** Rules by their id, by policy. */
  policies: z.record(objectName, z.strictObject({ rules: named(rule) })).default({}),
  groups: named(group),
  /** Groups of contracts that stand in ACI. */
  contracts: named(contracts),
  /** Groups that are one application in ACI. */
  applications: z.record(objectName, z.strictObject({ groups: z.array(objectName).min(1) })).default({}),
  /** Services of Docker, which has no kube-proxy. */
  services: named(service),
});

export const globals = z.strictObject({
  /** Who answers ARP for pods. @default "proxy", netmaster's */
  arpMode: z.enum(["proxy", "flood"]).default("proxy"),
  /** @default "1-4094", netmaster's */
  vlans: z
    .string()
    .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, 'VLANs and ranges of them, such as "1-100,200"')
    .default("1-4094"),
  /** @default "1-10000", netmaster's */
  vxlans: z
    .string()
    .regex(/^\d+-\d+$/, 'a range, such as "1-10000"')
    .default("1-10000"),
  /** A /16 that hosts reach their own pods by. @default "172.19.0.0/16", netmaster's */
  privateSubnet: cidr.refine((text) => text.endsWith("/16"), "a /16").default("172.19.0.0/16"),
});

/** A node's neighbour, with forwarding routing over VLAN. */
export const bgp = z.strictObject({
  /** The node's address towards it, with prefix length: "50.1.1.1/24". */
  routerAddress: z.cidrv4(),
  as: z.int().min(1).max(4294967295),
  neighbor: z.ipv4(),
  neighborAs: z.int().min(1).max(4294967295),
});

/** netmaster itself. */
export const netmaster = z.strictObject({
  /**
   * Where its REST API answers from a node, to write tenants, networks and rules.
   * @default in Kubernetes the Service contiv-netmaster; on hosts the first of `hosts.netmasters`
   */
  url: netmasterUrl.optional(),
  /** In Kubernetes, the address of the Service contiv-netmaster. @default serviceCidr's address 232.137 in it */
  clusterIp: ipAddress.optional(),
  /** netctl is put on the nodes that netmaster runs on. @default true, as upstream does */
  netctl: z.boolean().default(true),
});
