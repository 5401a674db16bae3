import * as pulumi from "@pulumi/pulumi";
import { begin } from "../begin";
import { FlowAudit } from "../flow-audit";
import { applyObjects } from "../kubernetes";
import type { KubernetesObject } from "../kubernetes/object";
import { connectionOf } from "../network-nodes";
import { settingsProblems } from "./check";
import { complete, type PolicySettings } from "./complete";
import { objects } from "./objects";
import { record } from "./record";
import { type PolicyBaselineArgs, policySettings } from "./settings";
import { settingsWarnings } from "./warnings";

export { Peer } from "./peer";
export type { PolicyBaselineArgs } from "./settings";

const rooms = {
  network: "policy",
  component: "PolicyBaseline",
  schema: policySettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  record,
};

/**
 * A policy baseline: namespaces that are closed but for openings with names, as NetworkPolicy, ClusterNetworkPolicy or
 * Calico's GlobalNetworkPolicy. It begins as an audit, which applies nothing and lists what it would cut.
 *
 * @example
 * new PolicyBaseline("baseline", {
 *   profile: "default-deny",
 *   namespaces: { names: ["shop", "web"] },
 *   openings: {
 *     apiServer: { addresses: "192.0.2.10", pods: { app: "operator" } },
 *     ingressController: { namespace: "ingress-nginx", ports: Port.tcp("http") },
 *     monitoring: { namespace: "monitoring", ports: Port.tcp("metrics") },
 *     others: { registry: { to: Peer.range("198.51.100.0/24"), ports: Port.tcp(443) } },
 *   },
 *   network: pods,
 *   migrate: "enforce",
 * }, { provider: cluster });
 *
 * @throws UserError with every problem of the settings at once, at preview, before anything is touched.
 */
export class PolicyBaseline extends pulumi.ComponentResource {
  /** The policies, also those that an audit does not apply. */
  public readonly policies: readonly KubernetesObject[];
  /** What the chosen CNI does not enforce, and what else is to be known. */
  public readonly warnings: readonly string[];
  /** Live connections that would be cut: in an audit, with nodes. */
  public readonly audit: FlowAudit | undefined;

  constructor(name: string, args: PolicyBaselineArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:PolicyBaseline", name, {}, options);
    const { settings, warnings, recorded } = begin(this, name, args, rooms);
    this.warnings = warnings;
    this.policies = objects(settings);
    this.audit = auditFlows(settings, { parent: this, dependsOn: recorded });
    if (settings.migrate === "enforce") {
      // The network brings what reads the policies, and the definitions of those that are its own.
      const after = [recorded, ...(pulumi.Resource.isInstance(settings.network) ? [settings.network] : [])];
      applyObjects(name, this.policies, { parent: this, dependsOn: after });
    }
    this.registerOutputs({ policies: this.policies, warnings: this.warnings });
  }
}

function auditFlows(settings: PolicySettings, options: pulumi.CustomResourceOptions): FlowAudit | undefined {
  const { name, nodes, migrate, kubeletConfig, baseline, auditLimit } = settings;
  if (migrate === "enforce" || nodes === undefined) return undefined;
  const asked = nodes.nodes.map((node) => ({ name: node.name, connection: connectionOf(node) }));
  return new FlowAudit(name, { name, nodes: asked as never, kubeletConfig, baseline, limit: auditLimit }, options);
}
