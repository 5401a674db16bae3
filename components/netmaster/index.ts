import * as pulumi from "@pulumi/pulumi";
import type { NetmasterObjectInput } from "./settings";

/** The same settings with Pulumi inputs anywhere in them. */
export type NetmasterObjectArgs = { [Name in keyof NetmasterObjectInput]: pulumi.Input<NetmasterObjectInput[Name]> };

/**
 * One object of Contiv's netmaster (a tenant, a network, a rule …), asked from a node over SSH by its own curl: the API
 * has no users and belongs on no network that the runner is on. A field that was changed by hand shows in a refresh.
 * What netmaster changes of no object once it is made, is deleted and made again.
 *
 * @throws the run fails with netmaster's own words when it refuses the object, or when it has another of that key.
 */
export class NetmasterObject extends pulumi.CustomResource {
  declare public readonly collection: pulumi.Output<string>;
  declare public readonly key: pulumi.Output<string>;
  declare public readonly value: pulumi.Output<NetmasterObjectInput["value"]>;

  constructor(name: string, args: NetmasterObjectArgs, options?: pulumi.CustomResourceOptions) {
    // One key, one object: the other of that key must be gone before.
    super("podnet:index:NetmasterObject", name, { ...args }, { deleteBeforeReplace: true, ...options });
  }
}
