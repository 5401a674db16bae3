import * as pulumi from "@pulumi/pulumi";
import type { FlowAuditInput } from "./settings";

/** The same settings with Pulumi inputs anywhere in them. */
export type FlowAuditArgs = { [Name in keyof FlowAuditInput]: pulumi.Input<FlowAuditInput[Name]> };

/**
 * Live connections that a policy baseline would cut, read from the nodes' connection tables over SSH when it is made,
 * when the baseline changes, and at every refresh. Nothing on a node is changed. A node that cannot be read is named
 * with its reason; the others are read all the same.
 */
export class FlowAudit extends pulumi.CustomResource {
  /** One line a group of connections, the most frequent first, at most `limit`. */
  declare public readonly cut: pulumi.Output<string[]>;
  declare public readonly summary: pulumi.Output<string>;
  /** Nodes that could not be read, with the reason. */
  declare public readonly unread: pulumi.Output<string[]>;

  constructor(name: string, args: FlowAuditArgs, options?: pulumi.CustomResourceOptions) {
    const outputs = { cut: undefined, summary: undefined, unread: undefined };
    super("podnet:index:FlowAudit", name, { ...outputs, ...args }, options);
  }
}
