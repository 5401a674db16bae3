import { z } from "zod";
import { checkSelector } from "../../calico/policy/selector-grammar";
import { range } from "./address-block";

const selector = z.string().superRefine((text, context) => {
  const problem = text.trim() === "" ? undefined : checkSelector(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

const portNumber = z.int().min(0).max(65535);
/** 443, "8000:8100" or a port's name. */
const port = z.union([
  portNumber,
  z.string().regex(/^(\d{1,5}(:\d{1,5})?|[a-z0-9]([a-z0-9-]*[a-z0-9])?)$/i, 'a port is 443, "8000:8100" or a name'),
]);

const entity = z.strictObject({
  nets: z.array(range).optional(),
  notNets: z.array(range).optional(),
  selector: selector.optional(),
  notSelector: selector.optional(),
  namespaceSelector: selector.optional(),
  ports: z.array(port).optional(),
  notPorts: z.array(port).optional(),
  serviceAccounts: z.strictObject({ names: z.array(z.string()).optional(), selector: selector.optional() }).optional(),
  services: z.strictObject({ name: z.string().optional(), namespace: z.string().optional() }).optional(),
});
export type Entity = z.output<typeof entity>;

const protocol = z.union([
  z.int().min(1).max(255),
  z.enum(["TCP", "UDP", "SCTP", "UDPLite", "ICMP", "ICMPv6"]),
  z
    .string()
    .regex(/^\d{1,3}$/, "a protocol is TCP, UDP, SCTP, UDPLite, ICMP, ICMPv6 or a number")
    .transform(Number),
]);
export type CalicoProtocol = z.output<typeof protocol>;

const icmp = z.strictObject({ type: z.int().min(0).max(255).optional(), code: z.int().min(0).max(255).optional() });
const metadata = z.strictObject({ annotations: z.record(z.string(), z.string()).optional() });

export const calicoRule = z.strictObject({
  action: z.enum(["Allow", "Deny", "Pass", "Log"]),
  protocol: protocol.optional(),
  notProtocol: protocol.optional(),
  ipVersion: z.union([z.literal(4), z.literal(6)]).optional(),
  icmp: icmp.optional(),
  notICMP: icmp.optional(),
  source: entity.optional(),
  destination: entity.optional(),
  http: z.object({}).loose().optional(),
  metadata: metadata.optional(),
});

/** The spec of Calico's NetworkPolicy and GlobalNetworkPolicy (crd.projectcalico.org/v1 and projectcalico.org/v3). */
export const calicoSpec = z.strictObject({
  tier: z.string().optional(),
  order: z.number().optional(),
  selector: selector.optional(),
  namespaceSelector: selector.optional(),
  serviceAccountSelector: selector.optional(),
  types: z.array(z.enum(["Ingress", "Egress"])).optional(),
  ingress: z.array(calicoRule).optional(),
  egress: z.array(calicoRule).optional(),
  doNotTrack: z.boolean().optional(),
  preDNAT: z.boolean().optional(),
  applyOnForward: z.boolean().optional(),
  performanceHints: z.array(z.string()).optional(),
});
export type CalicoSpec = z.output<typeof calicoSpec>;

export const tierSpec = z.strictObject({
  order: z.number().optional(),
  defaultAction: z.enum(["Deny", "Pass"]).optional(),
});

export const networkSetSpec = z.strictObject({ nets: z.array(range).optional() });
