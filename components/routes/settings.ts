import { z } from "zod";
import type { Problem } from "../addresses/problem";
import { cidr, oneOrMore } from "../addresses/schema";
import { type Later, later } from "../later";
import type { NetworkRoutes } from "./within";

/** A word that a resource's name can hold. */
export const label = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "1 to 40 lower-case letters, digits and dashes");

export const nodeName = z.string().min(1);

/**
 * A pod network in which each node has subnets: a component such as `BridgeNetwork`, of which these two are looked at,
 * or the two written down.
 */
export const routedNetwork = z.object({
  /** Each node's pod subnets. */
  subnets: later(z.record(nodeName, z.array(cidr))),
  /** Addresses of all pods, one range for each address family. */
  podCidr: oneOrMore(cidr).refine((list) => list.length > 0, "name at least one range"),
});

/** A pod network in which each node has subnets. */
export interface RoutedNetwork {
  subnets: Later<Record<string, string[]>>;
  podCidr: string | readonly string[];
}

const example = "(name, network, options) => new AwsRoutes(name, { network, vpc, nodes, tables }, options)";

/** The setting that a network of nodes with subnets names its routes in a cloud by. */
export const networkRoutes = z.custom<NetworkRoutes>(
  (value) => typeof value === "function",
  `a function that makes them: ${example}`,
);

/** Every node has one way: exactly one of the fields that say it, and `via` leads to a node that has a way of its own. */
export function wayProblems(
  nodes: Record<string, { via?: string | undefined } & Record<string, unknown>>,
  ways: readonly string[],
): Problem[] {
  const all = [...ways, "via"];
  return Object.entries(nodes).flatMap(([name, node]): Problem[] => {
    const said = all.filter((way) => node[way] !== undefined);
    const path = `nodes.${name}`;
    if (said.length !== 1)
      return [
        { path, rule: `${name} has ${said.join(" and ") || "no next hop"}`, fix: `say one of ${all.join(", ")}` },
      ];
    const { via } = node;
    if (via === undefined) return [];
    const gateway = nodes[via];
    if (gateway === undefined)
      return [{ path: `${path}.via`, value: via, rule: `${name} is behind ${via}, which is no node here` }];
    if (gateway.via === undefined) return [];
    const rule = `${name} is behind ${via}, which is behind ${gateway.via}`;
    return [{ path: `${path}.via`, value: via, rule, fix: `say via: "${gateway.via}"` }];
  });
}
