import * as pulumi from "@pulumi/pulumi";
import { begin } from "../begin";
import { prepareNodes } from "../network-nodes";
import { type FirewallPort, udpPort } from "../network-nodes/firewall";
import { recorded } from "../network-nodes/record";
import type { NodeState } from "../node";
import { settingsProblems, settingsWarnings } from "./check";
import { claims } from "./claims";
import { complete, type OpenVSwitchSettings } from "./complete";
import { hosts } from "./host";
import { type OpenVSwitchArgs, openVSwitchSettings } from "./settings";

export type { OpenVSwitchArgs } from "./settings";

const rooms = {
  network: "openvswitch",
  component: "OpenVSwitch",
  schema: openVSwitchSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  claims,
  record: recorded,
};

/**
 * Open vSwitch on nodes over SSH: bridges, ports and VLANs, bonds, tunnels between the nodes, mirrors, QoS, sampling,
 * fault detection and controllers, as they should be. What somebody changes by hand a refresh shows, and `up` puts right.
 *
 * @example
 * new OpenVSwitch("fabric", {
 *   nodes: Inventory.fromFile("rack1.yaml"),
 *   bridges: {
 *     "br-ex": { uplink: true },
 *     "br-lan": {
 *       tunnels: { vx: { protocol: "geneve", key: 7 } },
 *       ports: { lan0: { type: "internal", tag: 10, addresses: { node1: "10.9.0.1/24", node2: "10.9.0.2/24" } } },
 *     },
 *   },
 *   rollout: { batch: 1 },
 * });
 *
 * @throws UserError with every problem of the settings at once, at preview, before any node is touched.
 */
export class OpenVSwitch extends pulumi.ComponentResource {
  /** Each node's part, as it was changed. */
  public readonly states: NodeState[];
  /** What a firewall between the nodes must let through. */
  public readonly ports: readonly FirewallPort[];

  constructor(name: string, args: OpenVSwitchArgs, options?: pulumi.ComponentResourceOptions) {
    super("podnet:index:OpenVSwitch", name, {}, options);
    const { settings, recorded } = begin(this, name, args, rooms);
    this.states = prepareNodes({ ...settings, verification: { failOn: "any" } }, pulumi.output(hosts(settings)), {
      parent: this,
      dependsOn: recorded,
    });
    this.ports = tunnelPorts(settings);
    this.registerOutputs({ ports: [...this.ports] });
  }
}

/** UDP ports of tunnels between the nodes; GRE has none. */
function tunnelPorts({ bridges }: OpenVSwitchSettings): FirewallPort[] {
  const numbers = Object.values(bridges).flatMap(({ tunnels }) =>
    Object.values(tunnels).flatMap(({ port }) => port ?? []),
  );
  return [...new Set(numbers)].sort((one, other) => one - other).map(udpPort);
}
