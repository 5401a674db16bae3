import { Cidr } from "../addresses/cidr";
import type { Rule, Verdict } from "../change-table";

export const safe = (reason: string): Verdict => ({ class: "safe", reason });
export const rolling = (reason: string): Verdict => ({ class: "rolling", reason });
export const disruptive = (reason: string): Verdict => ({ class: "disruptive", reason });
export const refused = (reason: string, wayRound: string): Verdict => ({ class: "refused", reason, wayRound });

/** The way of what podnet changes on nodes itself, over SSH. */
export const byBatch = "in batches of rollout.batch, which is all nodes at once unless it is set";

/** What a change of the settings that all networks share does. */
export const nodeChangeRules: Record<string, Rule> = {
  "rollout.batch": safe("how the change is made, not what it is"),
  "rollout.windowSeconds": safe("how the change is made, not what it is"),
  probes: safe("how the change is made, not what it is"),
  adopt: safe("how the change is made, not what it is"),
  allowIrreversible: safe("how the change is made, not what it is"),
  onUnreachable: safe("what removing a node does when it cannot be reached"),
  "verification.coverage": safe("how the network is proven, not what it is"),
  "verification.failOn": safe("how the network is proven, not what it is"),
};

const unprepared = disruptive(
  "podnet takes away what it made on the nodes while pods run there: sysctls, rules, files, units",
);

/** An inventory that comes has its nodes prepared; one that goes takes along what podnet made on them. */
export function inventoryRule(gone: Verdict = unprepared): Rule {
  return (_previous, next) =>
    next === undefined ? gone : safe("podnet prepares the nodes, which were left to others");
}

/** Routes that a network makes itself come and go with the setting. */
export const routesRule: Rule = (_previous, next) =>
  next === undefined
    ? disruptive("the routes go with the setting: unless others make them, packets between nodes are lost")
    : safe("routes to pods are made in the cloud, or taken over from the same program, and proven");

/** A firewall of the node's own decides on the network's packets again when podnet's rules go. */
export const openPortsRule: Rule = (_previous, next) =>
  next === false
    ? disruptive(
        "the nodes' own firewall decides on packets between nodes again, and they are lost where it drops them",
      )
    : safe("rules that accept, ahead of the nodes' own");

/** Pods keep their addresses while every range in use stays inside the one of its family. */
export function podRanges(secondNetwork: string): Rule {
  return (previous, next) => {
    const [before, after] = [previous, next].map((list) => ((list ?? []) as string[]).map((text) => Cidr.parse(text)));
    const lost = (before ?? []).filter((one) => !(after ?? []).some((other) => other.contains(one)));
    if (lost.length > 0)
      return refused(
        `running pods have addresses in ${lost.join(", ")}, which the new range does not contain`,
        `grow it to a range that contains ${lost.join(", ")}, or add one of the other family; otherwise ${secondNetwork}`,
      );
    const order = (before ?? []).every((one, index) => after?.[index]?.family === one.family);
    if (!order)
      return refused(
        "the primary address family of pods would change",
        "keep the order, and add the new range at the end",
      );
    return rolling(
      "nodes learn the larger range; pods keep their addresses, and get one of a new family when they are started again",
    );
  };
}
