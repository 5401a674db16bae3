import * as pulumi from "@pulumi/pulumi";

export interface NetworkRecordArgs {
  /** Which network the settings are of: "bridge". */
  network: pulumi.Input<string>;
  /**
   * The settings in force, with every default explicit: a default that changes in the code is compared with the one
   * that was recorded, and told or refused as any other change.
   */
  settings: pulumi.Input<Record<string, unknown>>;
}

/** The settings a network was made with. A change that would break it is refused at preview, with the way round. */
export class NetworkRecord extends pulumi.CustomResource {
  declare public readonly network: pulumi.Output<string>;
  declare public readonly settings: pulumi.Output<Record<string, unknown>>;

  constructor(name: string, args: NetworkRecordArgs, options?: pulumi.CustomResourceOptions) {
    super("podnet:index:NetworkRecord", name, { ...args }, options);
  }
}
