import { z } from "zod";
import { cidr, oneOrMore } from "../addresses/schema";
import { version } from "../calico/version";
import { Inventory } from "../inventory";
import type { KubernetesObject } from "../kubernetes/object";
import { absolutePath } from "../node/words";
import { cniNames } from "./enforcement";
import { labels, namespaceName } from "./labels";
import { openings } from "./openings";

/** Namespaces that the program knows, with their labels: what a selection in the form NetworkPolicy is made from. */
const among = z.record(namespaceName, z.record(z.string(), z.string())).optional();

const namespaces = z.union([
  /** By name. */
  z.strictObject({ names: z.array(namespaceName).min(1) }),
  /** Those with all of these labels. */
  z.strictObject({ labels, among }),
  /** All but these. */
  z.strictObject({ allBut: z.array(namespaceName), among }),
]);

/** What may be said of a policy baseline. */
export const policySettings = z.strictObject({
  /**
   * What is closed: `"default-deny"` all but openings; `"same-namespace"` all but a namespace's own pods and openings;
   * `"cis"` the same for kube-system, kube-public and default, as the CIS benchmark has it and RKE2 does it; `"strict"`
   * as default-deny, and refuses openings without ports, openings to or from everywhere, and whatever would not be enforced.
   * @default "default-deny"
   */
  profile: z.enum(["default-deny", "same-namespace", "cis", "strict"]).default("default-deny"),

  /** Which directions are closed. @default "both"; with same-namespace and cis "ingress" */
  directions: z.enum(["ingress", "egress", "both"]).optional(),

  /** For which namespaces. @default with cis kube-system, kube-public and default; otherwise it must be said */
  namespaces: namespaces.optional(),

  /** What stays open. @default DNS alone */
  openings: openings.prefault({}),

  /**
   * `"audit"` applies nothing, shows the policies and, with `nodes`, the live connections that they would cut;
   * `"enforce"` applies them.
   * @default "audit"
   */
  migrate: z.enum(["audit", "enforce"]).default("audit"),

  /**
   * As which objects. The two others select namespaces by label while the cluster runs, also those that are made
   * later, and need a CNI that knows them.
   * @default "NetworkPolicy"
   */
  form: z.enum(["NetworkPolicy", "ClusterNetworkPolicy", "GlobalNetworkPolicy"]).default("NetworkPolicy"),

  /** ClusterNetworkPolicy's tier: in `"Baseline"` a namespace's own NetworkPolicies decide first, in `"Admin"` nothing goes before. @default "Baseline" */
  tier: z.enum(["Baseline", "Admin"]).default("Baseline"),

  /** ClusterNetworkPolicy's priority, lower first; openings for some pods take the one before. @default 900 */
  priority: z.int().min(1).max(1000).default(900),

  /** GlobalNetworkPolicy's order, lower first. NetworkPolicies have 1000. @default 2000 */
  order: z.number().default(2000),

  /**
   * Nuage refuses a NetworkPolicy without the label nuage.io/priority, a number that no other has: the first policy gets
   * this one, each that follows the next. Policies of your own keep away from them.
   * @default 1000
   */
  nuagePriority: z.int().min(1).max(100_000_000).default(1000),

  /** The network of these pods, a component of podnet: its type says what enforces policy. @default not known */
  network: z.custom<object>((one) => typeof one === "object" && one !== null, "a network of podnet").optional(),

  /** What enforces policy, where `network` does not say it: Calico for policy alone beside flannel, say. @default that of network */
  cni: z.enum(cniNames).optional(),

  /** Calico's release, for the forms that need one. @default that of network, where it has Calico; otherwise "v3.32.1" */
  calicoVersion: version.optional(),

  /** Addresses of services, to tell them from endpoints. @default [] */
  serviceCidr: oneOrMore(cidr).default([]),

  /** NetworkPolicies that stand beside the baseline: what they open is open all the same, and is told. @default [] */
  beside: z
    .array(
      z.custom<KubernetesObject>(
        (one) => (one as KubernetesObject | undefined)?.kind === "NetworkPolicy",
        "a NetworkPolicy, as kubectl get networkpolicies -A -o json lists them in items",
      ),
    )
    .default([]),

  /** The nodes, whose connections are read in an audit. @default none: no connection is read */
  nodes: z.custom<Inventory>((one) => one instanceof Inventory, "an Inventory").optional(),

  /** The kubelet's kubeconfig on the nodes, by which a node says which pods it has. @default "/etc/kubernetes/kubelet.conf" */
  kubeletConfig: absolutePath.default("/etc/kubernetes/kubelet.conf"),

  /** How many groups of connections an audit lists; the rest is counted. @default 50 */
  auditLimit: z.int().min(1).max(1000).default(50),
});

/** A baseline's settings as they may be written. */
export type PolicyBaselineArgs = z.input<typeof policySettings>;
export type ParsedSettings = z.output<typeof policySettings>;
