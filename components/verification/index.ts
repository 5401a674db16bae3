import * as pulumi from "@pulumi/pulumi";
import type { Matrix } from "./matrix";
import type { VerificationSettingsInput } from "./settings";

/** The same settings with Pulumi inputs anywhere in them. */
export type VerificationArgs = {
  [Key in keyof VerificationSettingsInput]: pulumi.Input<VerificationSettingsInput[Key]>;
};

/**
 * Proof that the network carries traffic: a probe pod on each node, attached by the node's own CNI plugins, answers
 * the probe pods of other nodes at full packet size and with its own address. Probed when it is made and whenever one
 * of `triggers` changes; nothing stays on the nodes.
 *
 * @example
 * new Verification("pods", {
 *   network: "pods",
 *   nodes: [{ name: "node1", connection: { host: "192.0.2.11" }, addresses: ["192.0.2.11"] }],
 *   cni: { configFile: "/etc/cni/net.d/10-pods.conflist" },
 *   mtu: 1500,
 *   triggers: { node1: state.manifest },
 * });
 *
 * @throws the run fails with a line for each group of failed probes, unless `failOn` is "none".
 */
export class Verification extends pulumi.CustomResource {
  /** What was probed and what came of it. */
  declare public readonly matrix: pulumi.Output<Matrix>;
  /** True when every probe was answered at full size, by the right address. */
  declare public readonly passed: pulumi.Output<boolean>;

  constructor(name: string, args: VerificationArgs, options?: pulumi.CustomResourceOptions) {
    super("podnet:index:Verification", name, { matrix: undefined, passed: undefined, ...args }, options);
  }
}
