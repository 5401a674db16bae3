import { z } from "zod";
import { artifact } from "../cni";
import { absolutePath, deviceName, unitPath } from "../node/words";

const image = z.string().regex(/^[\w][\w./:@-]*$/, 'an image, such as "quay.io/calico/node:v2.6.12"');
const names = z.array(z.string().min(1)).min(1);
const port = z.int().min(1).max(65535);

/** Neutron with Calico as its core plugin: virtual machines have routed addresses, and security groups are Felix's. */
const openstack = z.strictObject({
  type: z.literal("openstack"),
  /** The nodes that neutron-server runs on; every other one is a compute node. */
  controllers: names,
  /** The region's name, where several share one etcd. @default none */
  region: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, "a name of 1 to 32 lower-case letters, digits and dashes")
    .optional(),
  /** Where Neutron reads further configuration. @default "/etc/neutron/neutron.conf.d" */
  neutronDirectory: unitPath.default("/etc/neutron/neutron.conf.d"),
  /** TCP port of Nova's metadata service on each compute node. @default 8775, Nova's */
  metadataPort: port.default(8775),
  /** Address families that virtual machines have. @default ["ipv4"] */
  families: z
    .array(z.enum(["ipv4", "ipv6"]))
    .min(1)
    .default(["ipv4"]),
  /** Routes to virtual machines are told by BIRD 2. */
  bgp: z
    .strictObject({
      /** AS number of all nodes. @default 64511, that of Calico's documentation for OpenStack */
      asNumber: z.int().min(1).max(4294967294).default(64511),
      /** Nodes that pass routes on, so that compute nodes need not know each other; two, so that one may fail. */
      routeReflectors: names,
    })
    .optional(),
});

/** Docker's own networks by Calico's libnetwork plugin, which Calico ships no more since v3.0. */
const docker = z.strictObject({
  type: z.literal("docker"),
  /** The last image with the plugin. @default "quay.io/calico/node:v2.6.12" */
  image: image.default("quay.io/calico/node:v2.6.12"),
  /**
   * Writes /etc/docker/daemon.json with the cluster store that the plugin needs, and starts Docker again. False where
   * the file is yours. Docker has had no cluster store since 23.0.
   * @default true
   */
  daemonConfiguration: z.boolean().default(true),
});

/** Tasks of Mesos' own containerizer by Calico's CNI plugin; nothing in Calico installs it any more. */
const mesos = z.strictObject({
  type: z.literal("mesos"),
  /** @default "quay.io/calico/node:v2.6.12" */
  image: image.default("quay.io/calico/node:v2.6.12"),
  /** The name that tasks ask for the network by. @default "calico" */
  network: z
    .string()
    .regex(/^[\w-]{1,40}$/, "letters, digits and dashes")
    .default("calico"),
  /** What the agents' --network_cni_config_dir says. @default "/etc/mesos/cni" */
  directory: absolutePath.default("/etc/mesos/cni"),
  /** What the agents' --network_cni_plugins_dir says. @default "/opt/mesos/cni" */
  binaries: absolutePath.default("/opt/mesos/cni"),
  /** The plugins calico and calico-ipam of the same release. @default {} (they are there already) */
  artifacts: z.record(z.enum(["calico", "calico-ipam"]), artifact.optional()).default({} as never),
});

/** Hosts and virtual machines without an orchestrator: policy for their interfaces, by host endpoints. */
const hosts = z.strictObject({
  type: z.literal("hosts"),
  /** The node's interfaces whose host endpoint podnet makes, by node; further ones are `hostEndpoints`. @default {} */
  interfaces: z.record(z.string(), deviceName).default({}),
});

/** What Calico serves on the nodes. */
export const orchestrator = z.discriminatedUnion("type", [openstack, docker, mesos, hosts]);
export type Orchestrator = z.output<typeof orchestrator>;
export type OpenStack = z.output<typeof openstack>;

/** What no release of Calico ships any more, with the last that did. */
export const lastShipped: Partial<Record<Orchestrator["type"], string>> = { docker: "v2.6.12", mesos: "v2.6.12" };
