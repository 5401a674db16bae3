import { z } from "zod";
import { cidr, oneOrMore } from "../../addresses/schema";
import { port } from "./port";
import { selector } from "./selector";

const icmpNumber = z.int().min(0).max(254);

/** One end of a connection. What is said must all hold; what is left out is anything. */
export const peer = z.strictObject({
  /** In one of these ranges. @default anywhere */
  nets: oneOrMore(cidr).default([]),
  /** In none of these. @default [] */
  notNets: oneOrMore(cidr).default([]),
  /** Endpoints and network sets with these labels. */
  selector: selector.optional(),
  notSelector: selector.optional(),
  /** In namespaces with these labels; `global()` for what is in none. */
  namespaceSelector: selector.optional(),
  /** Pods of these service accounts. */
  serviceAccounts: z
    .strictObject({ names: z.array(z.string().min(1)).default([]), selector: selector.optional() })
    .optional(),
  /** The pods behind a Kubernetes Service. */
  service: z.strictObject({ name: z.string().min(1), namespace: z.string().min(1).optional() }).optional(),
});

/** What is done with connections that match. */
export const rule = z.strictObject({
  /**
   * `"allow"` and `"deny"` decide; `"log"` writes to the kernel's log and goes on; `"pass"` leaves this tier and asks
   * the next, or the pod's profile.
   */
  action: z.enum(["allow", "deny", "log", "pass"]),
  from: peer.optional(),
  to: peer.optional(),
  /** Destination ports with their protocols: "tcp/443", "udp/8000-8100", "tcp/metrics". @default all */
  ports: oneOrMore(port).default([]),
  /** Source ports. @default all */
  sourcePorts: oneOrMore(port).default([]),
  /** Protocols as a whole, by name or number. @default all, or those of the ports */
  protocols: oneOrMore(
    z.union([z.enum(["tcp", "udp", "sctp", "udplite", "icmp", "icmpv6"]), z.int().min(1).max(255)]),
  ).default([]),
  /** Only this ICMP message; `protocols` says icmp or icmpv6. */
  icmp: z.strictObject({ type: icmpNumber, code: icmpNumber.optional() }).optional(),
  /** Only this address family. @default both */
  family: z.enum(["ipv4", "ipv6"]).optional(),
  /** A sentence for the reader, kept with the rule. */
  note: z.string().optional(),
});

export type Rule = z.output<typeof rule>;
export type Peer = z.output<typeof peer>;
