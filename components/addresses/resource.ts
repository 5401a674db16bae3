import * as pulumi from "@pulumi/pulumi";
import type { Pool, Subnets } from "./plan";

export interface AddressPlanArgs {
  /** One range for each address family, with the size of a node's subnet. */
  pools: pulumi.Input<pulumi.Input<Pool>[]>;
  /** Node names; newcomers get the lowest free subnets in this order. */
  nodes: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Which pod subnets each node has. Once given, a subnet never moves; the whole plan is known at preview.
 *
 * Import with `pulumi import podnet:index:AddressPlan NAME NODE=SUBNET[,SUBNET];NODE=...`; `podnet import` writes it.
 */
export class AddressPlan extends pulumi.CustomResource {
  /** Each node's subnets, one for each pool, in the pools' order. */
  declare public readonly subnets: pulumi.Output<Subnets>;

  constructor(name: string, args: AddressPlanArgs, options?: pulumi.CustomResourceOptions) {
    super("podnet:index:AddressPlan", name, { ...args, subnets: undefined }, options);
  }
}
