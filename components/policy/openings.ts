import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { port } from "../calico/policy/port";
import { labels, namespaceName } from "./labels";
import { peer } from "./peer";

const ports = oneOrMore(port);
const portNumber = z.int().min(1).max(65535);

/** Names that pods ask. Egress of every pod of the baseline. */
const dns = z.strictObject({
  /** Where the resolvers are. @default "kube-system" */
  namespace: namespaceName.default("kube-system"),
  /** @default { "k8s-app": "kube-dns" }, CoreDNS' own */
  pods: labels.default({ "k8s-app": "kube-dns" }),
  /**
   * Addresses of NodeLocal DNSCache, which no pod has. With kube-proxy in iptables mode it also answers at the address
   * of the service kube-dns: name that too.
   * @default "169.254.20.10"
   */
  nodeLocal: oneOrMore(ipAddress).default(["169.254.20.10"]),
  /** Ports of the pods, not of the service. @default ["udp/53", "tcp/53"] */
  ports: ports.default(["udp/53", "tcp/53"]),
});

/** Where controllers and operators ask. Egress. */
const apiServer = z.strictObject({
  /**
   * The API servers' own addresses, as `kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes`
   * has them: policy is decided after the service's address was translated.
   */
  addresses: oneOrMore(ipAddress).refine((list) => list.length > 0, "name the API servers' addresses"),
  /** @default 6443 */
  port: portNumber.default(6443),
  /** Only these pods of the baseline. @default all */
  pods: labels.optional(),
});

/** Ingress from pods of a namespace that serves all others. */
const from = {
  namespace: namespaceName,
  /** Only these pods there. @default all */
  pods: labels.optional(),
  /** Only to these pods of the baseline. @default all */
  to: labels.optional(),
  /** @default all ports */
  ports: ports.default([]),
};

/** What brings requests from outside. Ingress. */
const ingressController = z.strictObject({
  ...from,
  /** Ranges of the nodes, for a controller in the nodes' own network, which no label selects. @default [] */
  ranges: oneOrMore(cidr).default([]),
});

/** What collects measurements. Ingress. */
const monitoring = z.strictObject(from);

/** Pods that the API server asks for admission and conversion. Ingress. */
const webhook = z.strictObject({
  /** @default every namespace of the baseline */
  namespace: namespaceName.optional(),
  to: labels,
  /** Ports of the pods, not of the service. */
  ports: ports.refine((list) => list.length > 0, "name the ports that the webhook listens at"),
  /** Addresses that the API server comes from. @default those of apiServer */
  from: oneOrMore(cidr).default([]),
});

/** Anything else, by its own name: a registry, a database, another team. */
const other = z
  .strictObject({
    /** Ingress from these. */
    from: oneOrMore(peer).optional(),
    /** Egress to these. */
    to: oneOrMore(peer).optional(),
    /** Only to (ingress) or from (egress) these pods of the baseline. @default all */
    pods: labels.optional(),
    /** Only in this namespace of the baseline. @default in all */
    namespace: namespaceName.optional(),
    /** @default all ports */
    ports: ports.default([]),
  })
  .refine((one) => (one.from === undefined) !== (one.to === undefined), "an opening has either from or to")
  // To Kubernetes an empty list is everybody, which is seldom what a list that came out empty means.
  .refine(
    ({ from = [], to = [] }) => from.length + to.length > 0,
    "an empty list would open to everybody; name the peers, or Peer.range of 0.0.0.0/0 and ::/0",
  );

/** Pods of kube-system that everybody may reach, where that namespace is in the baseline. */
const servedNames = ["dns", "metrics-server", "ingress-nginx", "traefik", "webhooks"] as const;

/** What stays open, each for a reason that has a name. */
export const openings = z.strictObject({
  /** @default CoreDNS in kube-system and NodeLocal DNSCache; false: closed */
  dns: z.union([z.literal(false), dns]).prefault({}),
  /** @default none */
  apiServer: apiServer.optional(),
  /** @default none */
  ingressController: oneOrMore(ingressController).default([]),
  /** @default none */
  monitoring: oneOrMore(monitoring).default([]),
  /** @default none */
  webhooks: oneOrMore(webhook).default([]),
  /**
   * The cloud's metadata service: `"deny"` leaves its addresses out of every range that is opened, and where egress is
   * not closed, opens all but them; `"gke"` opens what GKE's metadata server and Cloud DNS need; `"allow"` leaves ranges
   * as they are.
   * @default out of every range that is opened
   */
  metadata: z.enum(["deny", "gke", "allow"]).optional(),
  /**
   * Ranges of the nodes' own processes, which ask pods of other nodes: API servers, controllers in the nodes' network.
   * With flannel and Canal they come from the first address of their node's pod subnet. Ingress. @default []
   */
  nodes: oneOrMore(cidr).default([]),
  /** Pods of kube-system that everybody may reach when that namespace is in the baseline. @default all; strict: ["dns"] */
  served: z.array(z.enum(servedNames)).optional(),
  /** Registries, databases and whatever else, by name. @default {} */
  others: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/, "a name of 1 to 40 lower-case letters, digits and dashes"),
      other,
    )
    .default({}),
});

export type Openings = z.output<typeof openings>;
