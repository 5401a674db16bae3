import * as pulumi from "@pulumi/pulumi";
import { begin } from "../begin";
import { prepareNodes } from "../network-nodes";
import { recorded } from "../network-nodes/record";
import type { NodeState } from "../node";
import { settingsProblems, settingsWarnings } from "./check";
import { complete } from "./complete";
import { hosts } from "./host";
import { type CalicoHostsArgs, calicoHostsSettings } from "./settings";

export type { CalicoHostsArgs } from "./settings";

const rooms = {
  network: "calico-hosts",
  component: "CalicoHosts",
  schema: calicoHostsSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  record: recorded,
};

/**
 * Calico on hosts that no Kubernetes runs, over SSH: OpenStack's controllers and compute nodes, Docker, Mesos, and plain
 * hosts whose interfaces are under policy.
 *
 * @example
 * new CalicoHosts("edge", {
 *   nodes: Inventory.fromFile("edge.yaml"),
 *   orchestrator: { type: "hosts", interfaces: { edge1: "eth0", edge2: "eth0" } },
 *   datastore: { type: "etcd", members: ["edge1"] },
 *   globalPolicies: { web: { selector: Selector.has("node"), ingress: [{ action: "allow", ports: Port.tcp(443) }] } },
 * });
 *
 * @throws UserError with every problem of the settings at once, at preview, before any node is touched.
 */
export class CalicoHosts extends pulumi.ComponentResource {
  /** Each node's part, as it was changed. */
  public readonly states: NodeState[];

  constructor(name: string, args: CalicoHostsArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:CalicoHosts", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    this.states = prepareNodes({ ...settings, verification: { failOn: "any" } }, pulumi.output(hosts(settings)), {
      parent: this,
      dependsOn: recorded,
    });
    this.registerOutputs({});
  }
}
