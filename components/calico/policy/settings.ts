import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../../addresses/schema";
import { rule } from "./rule";
import { selector } from "./selector";

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a name of 1 to 63 lower-case letters, digits and dashes");
const labels = z.record(z.string().min(1), z.string());

/** Policy for the whole cluster, in the order of tiers and of `order` in each. */
const globalPolicy = z.strictObject({
  /** @default "default" */
  tier: name.default("default"),
  /** The lower, the earlier. @default 1000 */
  order: z.number().default(1000),
  /** Which endpoints it is for: pods and host endpoints. @default "all()" */
  selector: selector.default("all()"),
  /** Only in namespaces with these labels; host endpoints are in none. @default everywhere */
  namespaceSelector: selector.optional(),
  /** Only pods of service accounts with these labels. @default all */
  serviceAccountSelector: selector.optional(),
  /** A policy with a list, though it is empty, decides over that direction: what no rule takes is denied. */
  ingress: z.array(rule).optional(),
  egress: z.array(rule).optional(),
  /** Decides before connection tracking, for host endpoints; each direction needs its own rules. @default false */
  doNotTrack: z.boolean().default(false),
  /** Decides before services are translated, for host endpoints; ingress only. @default false */
  preDnat: z.boolean().default(false),
  /** Decides also over what a host endpoint forwards. @default false, true with doNotTrack and preDnat */
  applyOnForward: z.boolean().optional(),
});

/** Ranges under a name and labels, for selectors of rules. */
const networkSet = z.strictObject({ nets: z.array(cidr).min(1), labels: labels.default({}) });

/** A stage of policies: what no policy of it decides goes on to the next, or is denied. */
const tier = z.strictObject({
  /** The lower, the earlier. Calico's own: kube-admin 1,000; default 1,000,000; kube-baseline 10,000,000. */
  order: z.number(),
  /** What happens to endpoints that a policy of the tier selects and no rule decides on. @default "deny" */
  defaultAction: z.enum(["deny", "pass"]).default("deny"),
});

/** An interface of a node, or all, under policy. Without a policy that allows it, everything but failsafe ports is closed. */
const hostEndpoint = z.strictObject({
  node: z.string().min(1),
  /** One interface by name, or "*": all of the node, which also decides over traffic of the node's own processes. */
  interfaceName: z.string().min(1).max(15).optional(),
  /** Or the one that has these addresses. @default [] */
  expectedIps: oneOrMore(ipAddress).default([]),
  labels: labels.default({}),
  /** Names for ports, for rules to use. @default {} */
  ports: z
    .record(name, z.strictObject({ protocol: z.enum(["tcp", "udp", "sctp"]), port: z.int().min(1).max(65535) }))
    .default({}),
  /** Calico's profiles, asked when no policy decides. @default [] */
  profiles: z.array(z.string().min(1)).default([]),
});

/** Calico's own policy, beside the NetworkPolicies of Kubernetes; each by its name. */
export const policySettings = {
  globalPolicies: z.record(name, globalPolicy).default({}),
  networkSets: z.record(name, networkSet).default({}),
  tiers: z.record(name, tier).default({}),
  hostEndpoints: z.record(name, hostEndpoint).default({}),
};

const schema = z.strictObject(policySettings);
export type PolicySettings = z.output<typeof schema>;
export type GlobalPolicy = z.output<typeof globalPolicy>;
