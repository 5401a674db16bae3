import { parse } from "../../parse";
import type { NetworkSet } from "./calico-entity";
import { calicoPolicy } from "./calico-policy";
import { calicoSpec, networkSetSpec, tierSpec } from "./calico-schema";
import { clusterNetworkPolicy, clusterNetworkPolicySpec } from "./cluster-network-policy";
import { impliedNamespace } from "./endpoints";
import { networkPolicy, networkPolicySpec } from "./network-policy";
import { builtInTiers, type Policy, type Tier } from "./rule";
import type { KubernetesNode, KubernetesObject, Namespace } from "./world";

/** A policy in the one form that is evaluated, and what of it could not be known. */
export interface Normalised {
  policy: Policy | undefined;
  unevaluated: readonly string[];
}

const calicoGroup = /^(crd\.)?projectcalico\.org\//;

const isCalico = ({ apiVersion }: KubernetesObject) => calicoGroup.test(apiVersion);

/** "NetworkPolicy shop/deny-all", and for Calico's own "Calico NetworkPolicy shop/default.deny-all". */
function nameOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): string {
  const calico = calicoGroup.test(apiVersion) && kind === "NetworkPolicy" ? "Calico " : "";
  return `${calico}${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** What a policy's rules may speak of beside pods. */
export interface Context {
  sets: readonly NetworkSet[];
  nodes: readonly KubernetesNode[];
}

/** @throws UserError with all that is wrong with the policy's spec */
export function normalise(object: KubernetesObject, { sets, nodes }: Context): Normalised {
  const name = nameOf(object);
  const { metadata, spec, kind } = object;
  const unevaluated: string[] = [];
  const namespace = metadata.namespace ?? "default";
  const read = (): Policy | undefined => {
    if (kind === "ClusterNetworkPolicy")
      return clusterNetworkPolicy(name, metadata, parse(name, clusterNetworkPolicySpec, spec), nodes, unevaluated);
    if (!isCalico(object))
      return networkPolicy(name, { ...metadata, namespace }, parse(name, networkPolicySpec, spec ?? {}));
    const home = kind === "NetworkPolicy" ? namespace : undefined;
    return calicoPolicy(name, { ...metadata, namespace: home }, parse(name, calicoSpec, spec ?? {}), sets, unevaluated);
  };
  return { policy: read(), unevaluated };
}

const policyKinds = ["NetworkPolicy", "ClusterNetworkPolicy", "GlobalNetworkPolicy"];

export const isPolicy = ({ kind }: KubernetesObject) => policyKinds.includes(kind);

/** The tiers of the objects, over those that are always there. Without an order a tier is the last. */
export function tiersOf(objects: readonly KubernetesObject[]): Tier[] {
  const written = objects
    .filter(({ kind }) => kind === "Tier")
    .map((object): Tier => {
      const { order, defaultAction } = parse(nameOf(object), tierSpec, object.spec ?? {});
      const name = object.metadata.name;
      const known = builtInTiers.find((tier) => tier.name === name);
      return {
        name,
        order: order ?? known?.order ?? Number.POSITIVE_INFINITY,
        otherwise:
          defaultAction === undefined ? (known?.otherwise ?? "deny") : defaultAction === "Pass" ? "pass" : "deny",
      };
    });
  const names = new Set(written.map(({ name }) => name));
  return [...written, ...builtInTiers.filter(({ name }) => !names.has(name))].sort(
    (left, right) => left.order - right.order || (left.name < right.name ? -1 : 1),
  );
}

export function networkSetsOf(
  objects: readonly KubernetesObject[],
  namespaces: readonly Namespace[] = [],
): NetworkSet[] {
  const known = new Map(namespaces.map((namespace) => [namespace.name, namespace]));
  const home = (name = "default") => known.get(name) ?? impliedNamespace(name);
  return objects
    .filter(({ kind }) => kind === "NetworkSet" || kind === "GlobalNetworkSet")
    .map((object) => ({
      name: object.metadata.name,
      namespace: object.kind === "NetworkSet" ? home(object.metadata.namespace) : undefined,
      labels: object.metadata.labels ?? {},
      nets: parse(nameOf(object), networkSetSpec, object.spec ?? {}).nets ?? [],
    }));
}
