import type { Endpoint } from "./endpoint";
import type { Families, Traffic } from "./traffic";

export type Direction = "ingress" | "egress";

/** Which endpoints. Two with one key are one: their answers are kept by it. */
export interface Match {
  key: string;
  /** In which address families the endpoint is meant; 0 is not at all. */
  families(endpoint: Endpoint): Families;
}

export interface Rule {
  /** Its place in the policy's list, from 0. */
  index: number;
  name?: string | undefined;
  action: "allow" | "deny" | "pass" | "log";
  /** The other end. */
  peer: Match;
  /** What the rule also asks of its own end, which only Calico's rules do. */
  own?: Match | undefined;
  /** Of which packets, when the ports that are named are those of this destination. */
  traffic(destination: Endpoint): Traffic;
  /** The names of ports, where there are any, so that the destination matters; two with one key name the same. */
  named?: string | undefined;
}

/** A policy of any kind, in the one form that is evaluated. */
export interface Policy {
  /** "NetworkPolicy shop/deny-all". */
  name: string;
  tier: string;
  order: number;
  /** Orders policies with the same order. */
  tieBreak: string;
  selects: Match;
  /** Absent where the policy does not decide over a direction. */
  rules: Partial<Record<Direction, readonly Rule[]>>;
}

/** A stage: what none of its policies that select an endpoint decides is denied, or goes on. */
export interface Tier {
  name: string;
  order: number;
  otherwise: "deny" | "pass";
}

/**
 * The stages of Kubernetes' own policies, with the orders that Calico gives them: cluster policies of tier Admin,
 * NetworkPolicies, cluster policies of tier Baseline.
 */
export const builtInTiers: readonly Tier[] = [
  { name: "kube-admin", order: 1000, otherwise: "pass" },
  { name: "default", order: 1_000_000, otherwise: "deny" },
  { name: "kube-baseline", order: 10_000_000, otherwise: "pass" },
];
