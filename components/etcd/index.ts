import * as pulumi from "@pulumi/pulumi";
import type { EtcdKeyInput } from "./settings";

/** The same settings with Pulumi inputs anywhere in them. */
export type EtcdKeyArgs = { [Name in keyof EtcdKeyInput]: pulumi.Input<EtcdKeyInput[Name]> };

/**
 * One key in etcd (API v3), asked from a node over SSH by its own curl: what reaches etcd need not be where Pulumi
 * runs. A value that was changed by hand shows in a refresh, and delete takes the key away.
 *
 * @throws the run fails with etcd's own words when no member answers from the node.
 */
export class EtcdKey extends pulumi.CustomResource {
  declare public readonly key: pulumi.Output<string>;
  declare public readonly value: pulumi.Output<string>;

  constructor(name: string, args: EtcdKeyArgs, options?: pulumi.CustomResourceOptions) {
    super("podnet:index:EtcdKey", name, { ...args }, options);
  }
}
