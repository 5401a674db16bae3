import { z } from "zod";
import { cidr, oneOrMore } from "../addresses/schema";
import { felixOfHosts } from "../calico/felix";
import { policySettings } from "../calico/policy/settings";
import { encapsulation } from "../calico/pools";
import { version } from "../calico/version";
import { endpoint } from "../etcd/settings";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { absolutePath, unitPath } from "../node/words";
import { orchestrator } from "./orchestrators";

const port = z.int().min(1).max(65535);
const { verification: _, ...changeFields } = nodeChangeFields;

/** Where Calico keeps its resources: an etcd, or for plain hosts the Kubernetes API of a cluster beside them. */
const datastore = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("etcd"),
    /** "https://192.0.2.5:2379". @default those of `members` */
    endpoints: z.array(endpoint).default([]),
    /** Nodes that podnet runs an etcd on, from the distribution's package etcd-server. @default [] (it is there already) */
    members: z.array(z.string().min(1)).default([]),
    /** TCP ports of members, for clients and for each other. @default 2379 and 2380, etcd's */
    clientPort: port.default(2379),
    peerPort: port.default(2380),
    /** Paths of certificates on every node. podnet reads none of them: put them there as you do with others. */
    tls: z.strictObject({ ca: unitPath, cert: unitPath, key: unitPath }).optional(),
  }),
  z.strictObject({
    type: z.literal("kubernetes"),
    /** Path on every node of a kubeconfig that may what Calico's nodes may. */
    kubeconfig: absolutePath,
  }),
]);

/** What may be said of Calico on hosts that no Kubernetes runs. */
export const calicoHostsSettings = z.strictObject({
  /** The nodes and how they are reached: `Inventory.fromFile(path)`, `Inventory.of({ ... })`. */
  nodes: inventory,

  orchestrator,

  /**
   * Make what no release of Calico ships any more: Docker's libnetwork and Mesos, with the last release that had them,
   * which gets no fixes. @default false
   */
  legacy: z.boolean().default(false),

  /** Calico's release on the nodes, from its packages. @default "v3.32.1"; with docker and mesos the image's */
  version: version.optional(),

  datastore,

  /** Addresses of containers or tasks, for docker and mesos: one IPv4 range. OpenStack's are Neutron's subnets. */
  podCidr: oneOrMore(cidr).default([]),

  /** Other ranges in use that addresses must not overlap, by name. @default {} */
  otherRanges: z.record(z.string(), oneOrMore(cidr)).default({}),

  /** How packets go between nodes, for docker and mesos. @default "IPIPCrossSubnet" */
  encapsulation: encapsulation.extract(["IPIP", "IPIPCrossSubnet", "None"]).default("IPIPCrossSubnet"),

  felix: felixOfHosts.prefault({}),

  ...policySettings,

  /** The node that calicoctl writes policy from. @default the first by address */
  configureOn: z.string().min(1).optional(),

  /** Paths of programs on the nodes, as their packages put them. */
  programs: z
    .strictObject({
      /** @default "/usr/bin/calico-felix" */
      felix: unitPath.default("/usr/bin/calico-felix"),
      /** @default "/usr/local/bin/calicoctl" */
      calicoctl: unitPath.default("/usr/local/bin/calicoctl"),
      /** @default "/usr/bin/etcd" */
      etcd: unitPath.default("/usr/bin/etcd"),
      /** @default "/usr/sbin/bird" */
      bird: unitPath.default("/usr/sbin/bird"),
      /** @default "/usr/bin/docker" */
      docker: unitPath.default("/usr/bin/docker"),
    })
    .prefault({}),

  ...changeFields,
});

/** Settings of Calico on hosts as they may be written. */
export type CalicoHostsArgs = z.input<typeof calicoHostsSettings>;
export type ParsedSettings = z.output<typeof calicoHostsSettings>;
