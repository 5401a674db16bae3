import { z } from "zod";
import { ipAddress } from "../addresses/schema";
import { artifact } from "../cni";
import { unitPath } from "../node/words";

/** What is only said of Weave on hosts without Kubernetes. */
export const hosts = z.strictObject({
  /** The script `weave` of the release. */
  weave: z
    .strictObject({
      /** @default "/usr/local/bin/weave" */
      path: unitPath.default("/usr/local/bin/weave"),
      /** Put there by podnet. @default none (it is there already) */
      artifact: artifact.optional(),
    })
    .prefault({}),
  /** @default "/usr/bin/docker" */
  docker: unitPath.default("/usr/bin/docker"),
  /** The account that images are taken from. @default "rajchaudhuri"; of weaveworks "weaveworks" */
  imageAccount: z
    .string()
    .regex(/^[\w./:-]+$/, 'an account, such as "rajchaudhuri"')
    .optional(),
  /** WeaveDNS: containers find each other by name. Kubernetes has a DNS of its own. */
  dns: z
    .strictObject({
      /** @default true with docker, false with mesos */
      enabled: z.boolean().optional(),
      /** @default "weave.local.", WeaveDNS' */
      domain: z
        .string()
        .regex(/^([a-z0-9-]+\.)+$/, 'a domain with a dot at its end, such as "weave.local."')
        .default("weave.local."),
      /** Seconds that an answer may be kept. @default 1, WeaveDNS' */
      ttlSeconds: z.int().min(0).default(1),
      /** Address and port that it answers at. @default port 53 of Docker's bridge, WeaveDNS' */
      listenAddress: z
        .string()
        .regex(/^[\d.]+:\d{1,5}$/, 'an address and a port, such as "172.17.0.1:53"')
        .optional(),
    })
    .prefault({}),
  /** Docker's network plugin `weave`. @default true with docker, false with mesos */
  plugin: z.boolean().optional(),
  /** Weave's proxy of Docker's API, which attaches containers that are started by it. @default true with docker, false with mesos */
  proxy: z.boolean().optional(),
  /** The subnet that containers get addresses of when they say none, a part of podCidr. @default podCidr */
  defaultSubnet: z.union([z.cidrv4()]).optional(),
  /** Peers find further peers by those that they know. @default true */
  discovery: z.boolean().default(true),
  /** Addresses on the bridge that podnet gives to nodes, by node: `weave expose`. @default {} (Weave gives them) */
  expose: z.record(z.string(), ipAddress).default({}),
  /** Where Mesos looks for CNI configurations: --network_cni_config_dir. @default "/etc/cni/net.d" */
  configurations: unitPath.default("/etc/cni/net.d"),
});
