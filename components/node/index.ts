import * as pulumi from "@pulumi/pulumi";
import type { ConnectionInput } from "./connection";
import type { Drift } from "./drift";
import type { Probe } from "./probes";
import type { NodeStateInput } from "./state";

/** A document in which each value may come later, or be a secret. */
type Document<T> = pulumi.Input<T extends object ? { [Name in keyof T]: Document<T[Name]> } : T>;

export interface NodeStateArgs {
  /** The node's name in the inventory. Another name is another node: the resource is replaced. */
  node: pulumi.Input<string>;
  /** Who wants this state, one network: lower-case letters, digits and dashes. */
  owner: pulumi.Input<string>;
  /** How the node is reached. Not its identity: a new key or address re-runs nothing. */
  connection: Document<ConnectionInput>;
  /** Everything the owner wants of the node. */
  state: Document<NodeStateInput>;
  /** Seconds until the node undoes a change that was not confirmed. @default 60 */
  windowSeconds?: pulumi.Input<number>;
  /** What must work after a change as it did before. @default ["gateway"] */
  probes?: pulumi.Input<Probe[]>;
  /** Take over what others made and is in the way; delete puts it back. @default false */
  adopt?: pulumi.Input<boolean>;
  /** Make changes that cannot be undone. @default false */
  allowIrreversible?: pulumi.Input<boolean>;
  /** What a delete does when the node cannot be reached. @default "fail" */
  onUnreachable?: pulumi.Input<"fail" | "forget">;
}

/**
 * One owner's part of one node, changed over SSH in a way that cannot strand it: undo is armed on the node before the
 * change, which is confirmed over a new connection or undone by the node itself.
 *
 * Import with `pulumi import podnet:index:NodeState NAME ssh://root@HOST/OWNER`.
 */
export class NodeState extends pulumi.CustomResource {
  declare public readonly node: pulumi.Output<string>;
  declare public readonly owner: pulumi.Output<string>;
  /** SHA-256 of what the node remembers of this owner: it changes with every change of the node. */
  declare public readonly manifest: pulumi.Output<string>;
  /** The host key the node showed. */
  declare public readonly hostKey: pulumi.Output<string>;
  /** What a refresh found changed by hand. */
  declare public readonly drift: pulumi.Output<Drift[] | undefined>;

  constructor(name: string, args: NodeStateArgs, options?: pulumi.CustomResourceOptions) {
    // Pulumi takes a stack trace for each property of each resource, mapped to sources: of 500 nodes that is a second.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(
        "podnet:index:NodeState",
        name,
        { ...args, manifest: undefined, hostKey: undefined, drift: undefined },
        options,
      );
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}
