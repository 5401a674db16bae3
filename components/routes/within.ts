import * as pulumi from "@pulumi/pulumi";

/**
 * Makes the routes to a network's pods, as a part of the network: `AwsRoutes`, `GcpRoutes`, `AlicloudRoutes`, or a
 * component of your own. The cloud's SDK is loaded by whoever writes this, and not by the network.
 *
 * @param name the network's
 * @param network its pods' addresses
 * @param options for what is made, so that the network has it
 */
export type NetworkRoutes = (
  name: string,
  network: { subnets: pulumi.Output<Record<string, string[]>>; podCidr: string[] },
  options: pulumi.ComponentResourceOptions,
) => MadeRoutes;

/** What brings packets to pods. */
export type MadeRoutes = pulumi.Resource & {
  /** The node that each destination's packets are handed to. */
  routes?: pulumi.Output<Record<string, string>>;
  /** Has the network proven again when it has another value. */
  fingerprint?: pulumi.Output<string>;
};

/**
 * The routes that a network's settings name, as its own. Those that a program made beside the network, by the same
 * name, stay as they are when they become a part of it.
 */
export function routesWithin(
  { name, routes, podCidr }: { name: string; routes?: NetworkRoutes | undefined; podCidr: readonly string[] },
  subnets: pulumi.Output<Record<string, string[]>>,
  options: pulumi.CustomResourceOptions,
): MadeRoutes | undefined {
  const before = { aliases: [{ parent: pulumi.rootStackResource }] };
  return routes?.(name, { subnets, podCidr: [...podCidr] }, { ...options, ...before });
}
