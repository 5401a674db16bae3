import type { z } from "zod";
import { entityMatch, type NetworkSet, podMatch } from "./calico-entity";
import type { CalicoSpec, calicoRule, Entity } from "./calico-schema";
import { calicoTraffic } from "./calico-traffic";
import type { Direction, Policy, Rule } from "./rule";
import { neverWords, type Unevaluated } from "./unevaluated";

type CalicoRule = z.output<typeof calicoRule>;

const actions = { Allow: "allow", Deny: "deny", Pass: "pass", Log: "log" } as const;

/**
 * A NetworkPolicy of Calico's (with a namespace) or a GlobalNetworkPolicy.
 *
 * @param name "GlobalNetworkPolicy default.deny-all"
 */
export function calicoPolicy(
  name: string,
  metadata: { name: string; namespace?: string | undefined },
  spec: CalicoSpec,
  sets: readonly NetworkSet[],
  unevaluated: Unevaluated,
): Policy | undefined {
  if (spec.doNotTrack || spec.preDNAT || spec.applyOnForward) {
    const field = spec.doNotTrack ? "doNotTrack" : spec.preDNAT ? "preDNAT" : "applyOnForward";
    unevaluated.push(`${name}: it is for host endpoints (${field}), which are left out`);
    if (spec.doNotTrack || spec.preDNAT) return undefined;
  }
  const tier = spec.tier ?? "default";
  const { namespace } = metadata;
  const rules = (direction: Direction) =>
    (spec[direction] ?? []).map((one, index) => rule(one, index, direction, namespace, sets, unevaluated, name));
  const types = spec.types?.length
    ? spec.types
    : [
        ...(spec.ingress?.length || !spec.egress?.length ? ["Ingress"] : []),
        ...(spec.egress?.length ? ["Egress"] : []),
      ];
  return {
    name,
    tier,
    order: spec.order ?? Number.POSITIVE_INFINITY,
    tieBreak: metadata.name,
    selects: podMatch({
      namespace,
      selector: spec.selector,
      namespaceSelector: spec.namespaceSelector,
      serviceAccountSelector: spec.serviceAccountSelector,
    }),
    rules: {
      ...(types.includes("Ingress") && { ingress: rules("ingress") }),
      ...(types.includes("Egress") && { egress: rules("egress") }),
    },
  };
}

function rule(
  one: CalicoRule,
  index: number,
  direction: Direction,
  namespace: string | undefined,
  sets: readonly NetworkSet[],
  unevaluated: Unevaluated,
  policy: string,
): Rule {
  const { source = {}, destination = {} } = one;
  const [peer, own] = direction === "ingress" ? [source, destination] : [destination, source];
  const beyond = unknowable(one);
  if (beyond.length > 0)
    unevaluated.push(
      neverWords(
        `${policy}, ${direction}[${index}]`,
        `the rule with ${beyond.join(", ")}`,
        "it depends on more than who speaks to which port",
      ),
    );
  const asksOwn = Object.keys(own).some((field) => !["ports", "notPorts"].includes(field));
  return {
    index,
    action: actions[one.action],
    peer: beyond.length > 0 ? { key: "never", families: () => 0 } : entityMatch(peer, namespace, sets),
    ...(asksOwn && { own: entityMatch(own, namespace, sets) }),
    ...calicoTraffic(one),
  };
}

/** What a rule asks that no manifest answers. */
function unknowable({ source, destination, http }: CalicoRule): string[] {
  const services = (entity: Entity | undefined) => (entity?.services ? ["services"] : []);
  return [
    ...(source?.ports?.length || source?.notPorts?.length ? ["source ports"] : []),
    ...services(source),
    ...services(destination),
    ...(http ? ["http"] : []),
  ];
}
