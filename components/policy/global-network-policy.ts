import { z } from "zod";
import { storedObjects } from "../calico/ctl";
import { policyResources } from "../calico/policy/objects";
import { Selector } from "../calico/policy/selector";
import { policySettings as calicoPolicy } from "../calico/policy/settings";
import { type KubernetesObject, labelsOf } from "../kubernetes/object";
import type { Allowance, Baseline, Selection } from "./baseline";
import { type Labels, nameLabel } from "./labels";
import { type Part, parts } from "./parts";
import { isRange, type PeerValue } from "./peer";

interface Options {
  order: number;
  calicoVersion: string;
}

const schema = z.strictObject(calicoPolicy);

/**
 * As Calico's GlobalNetworkPolicy in the tier that NetworkPolicies are in, after them: what either opens is open, and
 * the end of the tier denies the rest.
 */
export function globalNetworkPolicies(baseline: Baseline, { order, calicoVersion }: Options): KubernetesObject[] {
  const policies = Object.fromEntries(
    parts(baseline).map((part) => [
      part.name,
      {
        order,
        selector: String(part.pods ? labelled(part.pods) : Selector.all()),
        namespaceSelector: String(namespaces(part.selection)),
        ...rules(part, baseline),
      },
    ]),
  );
  const resources = policyResources(schema.parse({ globalPolicies: policies }), calicoVersion);
  return storedObjects(resources, labelsOf("policy-baseline", baseline.name));
}

function rules({ closes, allowances }: Part, { closed }: Baseline) {
  const of = (direction: "ingress" | "egress") => allowances.filter((one) => one.direction === direction);
  const decided = closed.filter((direction) => closes || of(direction).length > 0);
  return Object.fromEntries(decided.map((direction) => [direction, of(direction).flatMap(rulesOf)]));
}

/** A rule of Calico's has one peer. */
function rulesOf({ name, direction, peers, ports }: Allowance) {
  const ends = peers.length > 0 ? peers.map(peer) : [undefined];
  return ends.map((end) => ({
    action: "allow" as const,
    note: name,
    ports,
    ...(end && { [direction === "ingress" ? "from" : "to"]: end }),
  }));
}

function peer(one: PeerValue) {
  if (isRange(one)) return { nets: [one.range], notNets: one.except };
  const { namespace, namespaceLabels = {}, pods } = one;
  const found = namespace === undefined ? labelled(namespaceLabels) : Selector.equals(nameLabel, namespace);
  return { namespaceSelector: String(found), ...(pods && { selector: String(labelled(pods)) }) };
}

function labelled(labels: Labels): Selector {
  const each = Object.entries(labels).map(([key, value]) => Selector.equals(key, value));
  return each.length === 0 ? Selector.all() : each.reduce((all, one) => all.and(one));
}

function namespaces(selection: Selection): Selector {
  if ("labels" in selection) return labelled(selection.labels);
  if ("names" in selection) return Selector.isIn(nameLabel, selection.names);
  return selection.allBut.length === 0 ? Selector.all() : Selector.isIn(nameLabel, selection.allBut).not();
}
